package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of each change of one breaker's state, in one log line and one counter. */
record TransitionLog(String upstream, String endpoint, MeterRegistry registry) {
  private static final Logger LOGGER = LoggerFactory.getLogger(TransitionLog.class);

  void report(State from, State to) {
    String label = to.name().toLowerCase(Locale.ROOT);
    registry
        .counter(
            GatewayMetrics.BREAKER_TRANSITIONS,
            "upstream",
            upstream,
            "endpoint",
            endpoint,
            "to",
            label)
        .increment();
    LOGGER
        .atWarn()
        .addKeyValue("upstream", upstream)
        .addKeyValue("endpoint", endpoint)
        .addKeyValue("from", from.name().toLowerCase(Locale.ROOT))
        .addKeyValue("to", label)
        .log("breaker changed state");
  }
}
