package dev.weir.gateway.resilience;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Selection;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Who of an upstream's endpoints serves.
 *
 * <p>Memory visibility: one reference to an immutable lineup. Whoever learns something (a health
 * check, a failed attempt) makes the next one from it in a compare-and-set loop; a request reads it
 * once per attempt. Nothing wakes up when an ejection ends: whoever looks next finds it over, and
 * the clock is read only while somebody is out.
 */
final class Roster {
  private final Selection selection;
  private final Clock clock;
  private final RosterLog log;
  private final AtomicReference<Lineup> lineup;

  Roster(List<Member> members, Selection selection, Clock clock, RosterLog log) {
    this.selection = selection;
    this.clock = clock;
    this.log = log;
    this.lineup = new AtomicReference<>(new Lineup(members));
  }

  Lineup now() {
    Lineup present = lineup.get();
    if (present.nextReturn() == Lineup.NEVER) {
      return present;
    }
    long millis = clock.millis();
    return millis < present.nextReturn() ? present : update(before -> before.at(millis));
  }

  /** Hears what an endpoint's health checks say. */
  void noteHealth(Endpoint endpoint, boolean healthy) {
    update(before -> before.health(endpoint, healthy));
  }

  /** Hears where the upstream is now. */
  void replace(List<EndpointBreaker> endpoints) {
    update(before -> before.replaced(endpoints));
  }

  /**
   * Hears that an attempt at an endpoint failed; ejects it where its breaker or its row says so.
   */
  void noteFailure(EndpointBreaker endpoint) {
    boolean row = endpoint.failuresInARow() >= selection.ejection().consecutiveFailures();
    if (row || endpoint.isOpen()) {
      long millis = clock.millis();
      update(before -> before.eject(endpoint, millis, selection.ejection()));
    }
  }

  private Lineup update(UnaryOperator<Lineup> change) {
    while (true) {
      Lineup before = lineup.get();
      Lineup after = change.apply(before);
      if (after == before) {
        return before;
      }
      if (lineup.compareAndSet(before, after)) {
        prepare(before, after);
        log.report(before, after);
        return after;
      }
    }
  }

  /**
   * What comes into service takes its share little by little, where somebody takes the rest
   * meanwhile; what goes out is judged anew when it is back.
   */
  private void prepare(Lineup before, Lineup after) {
    boolean relieved =
        after.members().stream().anyMatch(member -> member.serves() && served(before, member));
    for (Member member : after.members()) {
      boolean served = served(before, member);
      if (relieved && !served && member.serves()) {
        member.endpoint().startSlowly(selection.slowStart());
      } else if (served && member.ejected()) {
        member.endpoint().forgetRow();
      }
    }
  }

  private static boolean served(Lineup before, Member member) {
    return before.members().stream()
        .anyMatch(old -> old.endpoint() == member.endpoint() && old.serves());
  }
}
