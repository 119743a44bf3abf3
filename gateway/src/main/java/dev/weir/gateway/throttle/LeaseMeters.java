package dev.weir.gateway.throttle;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts the tokens of all leases of this process. */
final class LeaseMeters {
  private final Counter leased;
  private final Counter returned;
  private final Counter expired;

  LeaseMeters(MeterRegistry meters) {
    this.leased = meters.counter(GatewayMetrics.THROTTLE_LEASE_TOKENS, "outcome", "leased");
    this.returned = meters.counter(GatewayMetrics.THROTTLE_LEASE_TOKENS, "outcome", "returned");
    this.expired = meters.counter(GatewayMetrics.THROTTLE_LEASE_TOKENS, "outcome", "expired");
  }

  void leased(long tokens) {
    leased.increment((double) tokens);
  }

  void returned(long tokens) {
    returned.increment((double) tokens);
  }

  void expired(long tokens) {
    expired.increment((double) tokens);
  }
}
