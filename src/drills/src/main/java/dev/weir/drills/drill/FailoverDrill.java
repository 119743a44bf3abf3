package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.Standby;
import dev.weir.drills.stand.Surroundings;
import dev.weir.drills.stand.WholeSystem;
import dev.weir.drills.timeline.Mark;
import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The primary of Postgres dies under load and its synchronous replica is promoted: nothing that
 * somebody was told may be lost, and the auth service must find the new primary by itself.
 */
final class FailoverDrill implements Drill {
  private static final String PROFILES = "profiles";
  private static final String STORE = "postgres";

  /** Nobody starts the old primary again: that is what fencing is for. */
  private static final Duration FOR_GOOD = Duration.ofMinutes(30);

  private static final double UNTIL_PROMOTION_SECONDS = 2;
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final double PROFILES_PER_SECOND = 20;
  private static final double REFRESHES_PER_SECOND = 10;
  private static final double LOGINS_PER_SECOND = 2;
  private static final double REGISTRATIONS_PER_SECOND = 2;

  /** The gateway's breaker before the auth service is open for five seconds, then asks a few. */
  private static final double LAST_REFUSAL_MILLIS = 6_000;

  /** A new connection, to a host that nothing keeps from answering. */
  private static final double FOUND_MILLIS = 2_000;

  @Override
  public String name() {
    return "postgres-failover";
  }

  @Override
  public String summary() {
    return "the primary of Postgres dies, and its replica is promoted two seconds later";
  }

  @Override
  public int usualSeconds() {
    return 40;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    int replicaPort = FreePort.find();
    room.out().println("starting the whole system and a replica of its Postgres");
    try (var system = WholeSystem.start(room.home(), room.folder(), surroundings(replicaPort));
        var replica = Standby.follow(system, room.folder(), replicaPort);
        var town = Town.settle(system, _ -> {})) {
      var rehearsal = town.rehearsal(lanes(town.crowd()), room.out());
      var found = new AtomicReference<>(Double.MAX_VALUE);
      rehearsal.run(options.length(), steps(system, replica, options.length(), found));
      room.out().println("looking for what people were told");
      var kept = Kept.of(town.people(), town.crowd());
      var verdict =
          new Verdict(
              name(), judge(rehearsal.seen(), kept, found.get()), rehearsal.seen().counted());
      return new Findings(verdict, rehearsal.seen());
    }
  }

  private static Surroundings surroundings(int replicaPort) throws IOException {
    var chosen = Surroundings.choose(FOR_GOOD, Map.of());
    var url =
        "postgresql://127.0.0.1:%d,127.0.0.1:%d/weir"
            .formatted(chosen.port("WEIR_POSTGRES_PORT"), replicaPort);
    return chosen.with(Map.of("WEIR_AUTH_DATABASE_URL", url));
  }

  private static List<Lane> lanes(Crowd crowd) {
    return List.of(
        crowd.reads(PROFILES, "/auth/users/me", PROFILES_PER_SECOND),
        crowd.refreshes(REFRESHES_PER_SECOND),
        crowd.logins(LOGINS_PER_SECOND),
        crowd.registrations(REGISTRATIONS_PER_SECOND));
  }

  /** How long the auth service itself needs, with no breaker before it. */
  private static double millisUntilServed(WholeSystem system)
      throws IOException, InterruptedException, UnfitException {
    long begin = System.nanoTime();
    while (system.authAnswers("/login", People.programs(0)) != 200) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new UnfitException("the auth service does not find the new primary");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private static List<Step> steps(
      WholeSystem system, Standby replica, Duration length, AtomicReference<Double> found) {
    double later = Scene.BREAK + UNTIL_PROMOTION_SECONDS / (length.toMillis() / 1e3);
    return List.of(
        Step.breaks(Scene.BREAK, "primary killed", () -> system.killAll(STORE)),
        Step.mends(later, "replica promoted", replica::promote),
        new Step(later, Mark.Kind.STEP, "found", () -> found.set(millisUntilServed(system))));
  }

  /**
   * What is still there of what people were told.
   *
   * @param lostAccounts registered with a 201, and unknown now
   * @param lostSessions whose last refresh or login was answered 200, and that are no more
   */
  record Kept(long accounts, long lostAccounts, long sessions, long lostSessions) {
    static Kept of(People people, Crowd crowd) throws IOException, InterruptedException {
      long lostAccounts = 0;
      for (int number : crowd.registered()) {
        lostAccounts += people.mayLogIn(number) ? 0 : 1;
      }
      long lostSessions = 0;
      for (var session : crowd.sessions()) {
        lostSessions += people.mayRefresh(session) ? 0 : 1;
      }
      return new Kept(
          crowd.registered().size(), lostAccounts, crowd.sessions().size(), lostSessions);
    }
  }

  static List<Criterion> judge(Seen run, Kept kept, double foundMillis) {
    var all = run.whole();
    return List.of(
        Criterion.seen("calls refused in between", all.refusedWith("503")),
        Criterion.never("refused as if the person were at fault", all.refusedWith("4")),
        Criterion.never("other errors", all.refusedWith("5") - all.refusedWith("503")),
        Criterion.millisAtMost(
            "from the promotion until the auth service serves", FOUND_MILLIS, foundMillis),
        Criterion.millisAtMost(
            "from the promotion to the last call refused",
            LAST_REFUSAL_MILLIS,
            run.lastRefusedMillis()),
        Criterion.seen("accounts registered with a 201", kept.accounts()),
        Criterion.never("of them, gone", kept.lostAccounts()),
        Criterion.seen("sessions whose last answer was a 200", kept.sessions()),
        Criterion.never("of them, gone", kept.lostSessions()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }
}
