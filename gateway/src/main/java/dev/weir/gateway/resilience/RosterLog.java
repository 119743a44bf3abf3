package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of each change of who serves, in one log line each, and counts ejections. */
record RosterLog(String upstream, MeterRegistry registry) {
  private static final Logger LOGGER = LoggerFactory.getLogger(RosterLog.class);

  void report(Lineup before, Lineup after) {
    for (Member member : after.members()) {
      before.members().stream()
          .filter(old -> old.endpoint() == member.endpoint())
          .forEach(old -> report(old, member));
    }
    if (before.isPanic() != after.isPanic()) {
      LOGGER
          .atWarn()
          .addKeyValue("upstream", upstream)
          .addKeyValue("panic", after.isPanic())
          .log("no endpoint is in service, so all serve, or no longer");
    }
  }

  private void report(Member old, Member member) {
    if (old.healthy() != member.healthy()) {
      LOGGER
          .atWarn()
          .addKeyValue("upstream", upstream)
          .addKeyValue("endpoint", member.endpoint().label())
          .addKeyValue("healthy", member.healthy())
          .log("endpoint health changed");
    }
    if (old.ejected() != member.ejected()) {
      reportEjection(member);
    }
  }

  private void reportEjection(Member member) {
    String endpoint = member.endpoint().label();
    if (member.ejected()) {
      registry
          .counter(GatewayMetrics.EJECTIONS, "upstream", upstream, "endpoint", endpoint)
          .increment();
    }
    LOGGER
        .atWarn()
        .addKeyValue("upstream", upstream)
        .addKeyValue("endpoint", endpoint)
        .addKeyValue("millis", member.ejection().forMillis())
        .log(member.ejected() ? "endpoint ejected" : "endpoint back in service");
  }
}
