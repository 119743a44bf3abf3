package dev.weir.gateway.resilience;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of each change of who serves, in one log line each. */
record RosterLog(String upstream) {
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
          .addKeyValue("endpoint", member.endpoint().authority())
          .addKeyValue("healthy", member.healthy())
          .log("endpoint health changed");
    }
  }
}
