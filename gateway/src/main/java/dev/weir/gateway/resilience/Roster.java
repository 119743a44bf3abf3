package dev.weir.gateway.resilience;

import dev.weir.gateway.route.Endpoint;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Who of an upstream's endpoints serves.
 *
 * <p>Memory visibility: one reference to an immutable lineup. Whoever learns something (a health
 * check) makes the next one from it in a compare-and-set loop; a request reads it once per attempt.
 */
final class Roster {
  private final AtomicReference<Lineup> lineup;
  private final RosterLog log;

  Roster(List<Member> members, RosterLog log) {
    this.lineup = new AtomicReference<>(new Lineup(members));
    this.log = log;
  }

  Lineup now() {
    return lineup.get();
  }

  /** Hears what an endpoint's health checks say. */
  void noteHealth(Endpoint endpoint, boolean healthy) {
    update(now -> now.with(endpoint, member -> member.health(healthy)));
  }

  private void update(UnaryOperator<Lineup> change) {
    while (true) {
      Lineup before = lineup.get();
      Lineup after = change.apply(before);
      if (after == before) {
        return;
      }
      if (lineup.compareAndSet(before, after)) {
        log.report(before, after);
        return;
      }
    }
  }
}
