package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.BreakerPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Says what an attempt at one endpoint counts as, and counts it. */
final class AttemptCounters {
  private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
  private final long slowNanos;

  AttemptCounters(String upstream, String endpoint, BreakerPolicy policy, MeterRegistry registry) {
    this.slowNanos = policy.slowCall().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    for (Outcome outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder(GatewayMetrics.ATTEMPTS)
              .tags("upstream", upstream, "endpoint", endpoint, "outcome", outcome.label())
              .register(registry));
    }
  }

  /** Counts an attempt that took this long, and returns as what. */
  Outcome count(Outcome outcome, long nanos) {
    Outcome counted = outcome == Outcome.OK && nanos > slowNanos ? Outcome.SLOW : outcome;
    Counter counter = counters.get(counted);
    if (counter != null) {
      counter.increment();
    }
    return counted;
  }
}
