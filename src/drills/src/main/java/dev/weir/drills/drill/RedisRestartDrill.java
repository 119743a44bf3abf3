package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
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

/**
 * Redis dies below gateway and auth service and comes back empty: nobody may notice, but that who
 * logged out meanwhile is refused only once it is back.
 */
final class RedisRestartDrill implements Drill {
  private static final String ORDERS = "orders";
  private static final String STORE = "redis";
  private static final double ORDERS_PER_SECOND = 100;
  private static final double REFRESHES_PER_SECOND = 10;
  private static final double LOGINS_PER_SECOND = 3;
  private static final double LOGOUTS_PER_SECOND = 2;

  /** Each side tries again once a second or more often; then one tells and the other hears. */
  private static final double REFUSED_MILLIS = 3_000;

  @Override
  public String name() {
    return "redis-restart";
  }

  @Override
  public String summary() {
    return "Redis is killed below gateway and auth service, and comes back empty";
  }

  @Override
  public int usualSeconds() {
    return 40;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var away = Duration.ofNanos((long) (options.length().toNanos() * (Scene.MEND - Scene.BREAK)));
    room.out().println("starting the whole system");
    try (var system = WholeSystem.start(room.home(), room.folder(), away);
        var town = Town.settle(system, _ -> {})) {
      var rehearsal = town.rehearsal(lanes(town.crowd()), room.out());
      var leavers = new Leavers(town.people(), town.crowd());
      rehearsal.run(options.length(), steps(system, leavers));
      var criteria = judge(rehearsal.seen(), leavers.facts());
      var notes = new ArrayList<>(rehearsal.seen().counted());
      notes.add(
          "%d of their tokens were still taken half-way through"
              .formatted(leavers.facts().takenMeanwhile()));
      return new Findings(new Verdict(name(), criteria, notes), rehearsal.seen());
    }
  }

  private static List<Lane> lanes(Crowd crowd) {
    return List.of(
        crowd.reads(ORDERS, "/api/orders", ORDERS_PER_SECOND),
        crowd.refreshes(REFRESHES_PER_SECOND),
        crowd.logins(LOGINS_PER_SECOND),
        crowd.logouts(LOGOUTS_PER_SECOND));
  }

  private static List<Step> steps(WholeSystem system, Leavers leavers) throws IOException {
    long first = system.pid(STORE);
    return List.of(
        Step.breaks(
            Scene.BREAK,
            "Redis killed",
            () -> {
              system.kill(STORE);
              leavers.begin();
            }),
        new Step(
            (Scene.BREAK + 2 * Scene.MEND) / 3,
            Mark.Kind.STEP,
            "who left is asked for",
            leavers::countTaken),
        Step.mends(Scene.MEND, "Redis runs", () -> system.awaitOther(STORE, first)),
        new Step(Scene.MEND, Mark.Kind.STEP, "all refused", leavers::awaitRefused));
  }

  static List<Criterion> judge(Seen run, Leavers.Facts leavers) {
    var all = run.whole();
    return List.of(
        Criterion.never("answers 401", all.refusedWith("401")),
        Criterion.never("answers 5xx", all.refusedWith("5")),
        Criterion.never(
            "other refusals", all.refused() - all.refusedWith("401") - all.refusedWith("5")),
        Criterion.seen("orders", run.whole(ORDERS).good()),
        Criterion.seen("refreshes while it was away", during(run, Crowd.REFRESHES)),
        Criterion.seen("logins while it was away", during(run, Crowd.LOGINS)),
        Criterion.seen("logouts while it was away", leavers.left()),
        Criterion.millisAtMost(
            "until their tokens were refused, from when it was back",
            REFUSED_MILLIS,
            leavers.refusedMillis()),
        Criterion.never("tokens of theirs still taken then", leavers.stillTaken()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }

  private static long during(Seen run, String lane) {
    return run.during(lane, Duration.ofSeconds(1)).good();
  }
}
