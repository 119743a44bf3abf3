package dev.weir.gateway.jwt;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts proofs by outcome; local is accepted as well, on this process's word alone. */
final class ProofMeters {
  final Counter accepted;
  final Counter refused;
  final Counter nonceless;
  final Counter replayed;
  final Counter local;

  ProofMeters(MeterRegistry registry) {
    this.accepted = registry.counter(GatewayMetrics.DPOP_PROOFS, "outcome", "accepted");
    this.refused = registry.counter(GatewayMetrics.DPOP_PROOFS, "outcome", "refused");
    this.nonceless = registry.counter(GatewayMetrics.DPOP_PROOFS, "outcome", "nonceless");
    this.replayed = registry.counter(GatewayMetrics.DPOP_PROOFS, "outcome", "replayed");
    this.local = registry.counter(GatewayMetrics.DPOP_PROOFS, "outcome", "local");
  }
}
