package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.WholeSystem;
import dev.weir.drills.timeline.Mark;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An operator turns the signing key over, again and again, while people come and go. */
final class KeyRotationDrill implements Drill {
  private static final String ORDERS = "orders";
  private static final int ROTATIONS = 4;
  private static final double ORDERS_PER_SECOND = 100;
  private static final double REFRESHES_PER_SECOND = 10;
  private static final double LOGINS_PER_SECOND = 2;

  /** Ten minutes in production; here a key must have been known for so long before it signs. */
  private static final String AHEAD = "6s";

  @Override
  public String name() {
    return "key-rotation";
  }

  @Override
  public String summary() {
    return "the signing key is turned over four times under the whole system";
  }

  @Override
  public int usualSeconds() {
    return 50;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    room.out().println("starting the whole system");
    var more = Map.of("WEIR_AUTH_SIGNING_KEY_AHEAD", AHEAD);
    var keys = new SigningKeys();
    try (var system = WholeSystem.start(room.home(), room.folder(), Duration.ofSeconds(1), more);
        var town = Town.settle(system, keys::given)) {
      var rehearsal = town.rehearsal(lanes(town.crowd(), keys), room.out());
      long before = keys.facts().keys();
      rehearsal.run(options.length(), rotations(system));
      var criteria = judge(rehearsal.seen(), keys.facts(), before + ROTATIONS);
      var verdict = new Verdict(name(), criteria, rehearsal.seen().counted());
      return new Findings(verdict, rehearsal.seen());
    }
  }

  private static List<Lane> lanes(Crowd crowd, SigningKeys keys) {
    var orders = new Call("GET", "/api/orders", keys::next);
    return List.of(
        new Lane(ORDERS, orders, Protocol.H2, ORDERS_PER_SECOND),
        crowd.refreshes(REFRESHES_PER_SECOND),
        crowd.logins(LOGINS_PER_SECOND));
  }

  private static List<Step> rotations(WholeSystem system) {
    var steps = new ArrayList<Step>();
    for (int i = 1; i <= ROTATIONS; i++) {
      steps.add(
          new Step(
              (double) i / (ROTATIONS + 1),
              Mark.Kind.STEP,
              "keys rotate sign",
              () -> system.operate("keys", "rotate", "sign")));
    }
    return steps;
  }

  /** What must hold; the keys are those that signed anything since the first token. */
  static List<Criterion> judge(Seen run, SigningKeys.Facts keys, long expected) {
    var all = run.whole();
    return List.of(
        Criterion.never("answers 401", all.refusedWith("401")),
        Criterion.never("answers 5xx", all.refusedWith("5")),
        Criterion.never(
            "other refusals", all.refused() - all.refusedWith("401") - all.refusedWith("5")),
        new Criterion(
            "keys that signed, one for each rotation and the first",
            Long.toString(expected),
            Long.toString(keys.keys()),
            keys.keys() == expected),
        new Criterion(
            "of them, keys whose tokens the gateway took",
            "all",
            Long.toString(keys.taken()),
            keys.taken() == keys.keys()),
        Criterion.seen("tokens taken after their key was turned over", keys.turnedOver()),
        Criterion.seen("orders", run.whole(ORDERS).good()),
        Criterion.seen("refreshes", run.whole(Crowd.REFRESHES).good()),
        Criterion.seen("logins", run.whole(Crowd.LOGINS).good()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }
}
