package dev.weir.gateway.jwt;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The meters of one issuer's keys; the gauges go when the issuer is followed no more. */
final class KeyMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final String issuer;
  private final Map<KeyFollower.Outcome, Counter> refreshes =
      new EnumMap<>(KeyFollower.Outcome.class);
  private final List<Meter> gauges = new ArrayList<>();

  KeyMeters(MeterRegistry registry, String issuer) {
    this.registry = registry;
    this.issuer = issuer;
    for (KeyFollower.Outcome outcome : KeyFollower.Outcome.values()) {
      String label = outcome.name().toLowerCase(Locale.ROOT);
      refreshes.put(
          outcome,
          registry.counter(GatewayMetrics.JWKS_REFRESHES, "issuer", issuer, "outcome", label));
    }
  }

  void follow(KeyFollower follower) {
    gauges.add(
        Gauge.builder(GatewayMetrics.JWKS_KEYS, follower, f -> f.keys().keys().size())
            .tag("issuer", issuer)
            .register(registry));
    gauges.add(
        Gauge.builder(GatewayMetrics.JWKS_AGE, follower, KeyFollower::ageSeconds)
            .baseUnit("seconds")
            .tag("issuer", issuer)
            .register(registry));
  }

  void refreshed(KeyFollower.Outcome outcome) {
    Counter counter = refreshes.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
