package dev.weir.gateway.jwt;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts verifications by outcome. */
final class TokenMeters {
  final Counter cached;
  final Counter verified;
  final Counter rejected;

  TokenMeters(MeterRegistry registry) {
    this.cached = registry.counter(GatewayMetrics.JWT_VERIFICATIONS, "outcome", "cached");
    this.verified = registry.counter(GatewayMetrics.JWT_VERIFICATIONS, "outcome", "verified");
    this.rejected = registry.counter(GatewayMetrics.JWT_VERIFICATIONS, "outcome", "rejected");
  }
}
