package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.WholeSystem;
import dev.weir.drills.timeline.Outcome;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/** Postgres, where accounts and sessions are, is killed below the whole system. */
final class PostgresDrill implements Drill {
  private static final String ORDERS = "orders";
  private static final String LOGINS = "logins";
  private static final String STORE = "postgres";
  private static final double ORDERS_PER_SECOND = 150;
  private static final double LOGINS_PER_SECOND = 3;
  private static final double NEARLY_ALL = 0.995;

  /** The breaker before the auth service stays open for five seconds, and then asks a few. */
  private static final Duration BACK = Duration.ofSeconds(8);

  /** A login waits for the database until its deadline. */
  private static final double LONGEST_MILLIS = 8_000;

  @Override
  public String name() {
    return "postgres-down";
  }

  @Override
  public String summary() {
    return "Postgres is killed below the whole system, and started again";
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
        var load = system.load()) {
      var rehearsal = new Rehearsal(load, lanes(system), room.out());
      rehearsal.warmUp();
      rehearsal.run(options.length(), steps(system));
      var verdict = new Verdict(name(), judge(rehearsal.seen()), List.of());
      return new Findings(verdict, rehearsal.seen());
    }
  }

  private static List<Step> steps(WholeSystem system) throws IOException {
    long first = system.pid(STORE);
    return List.of(
        Step.breaks(Scene.BREAK, "Postgres killed", () -> system.kill(STORE)),
        Step.mends(Scene.MEND, "Postgres runs", () -> system.awaitOther(STORE, first)));
  }

  private static List<Lane> lanes(WholeSystem system)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var people = People.of(system);
    people.register(0);
    var orders = Call.get("/api/orders", people.logIn(0).access());
    var login = Call.post("/auth/login", People.credentials(0));
    return List.of(
        new Lane(ORDERS, orders, Protocol.H2, ORDERS_PER_SECOND),
        new Lane(LOGINS, login, Protocol.H1, LOGINS_PER_SECOND));
  }

  private static List<Criterion> judge(Seen run) {
    var away = run.during(LOGINS, Duration.ofSeconds(1));
    return List.of(
        Criterion.shareAtLeast(
            "orders with a token, served", NEARLY_ALL, run.whole(ORDERS).goodShare()),
        Criterion.seen("logins refused while it was away", away.refused()),
        Criterion.never(
            "of them, refused as if the person were at fault",
            away.of(Outcome.Kind.REFUSED).keySet().stream()
                .filter(it -> it.startsWith("4"))
                .count()),
        Criterion.millisAtMost(
            "the longest that a login waited",
            LONGEST_MILLIS,
            run.whole(LOGINS).slowestMicros() / 1e3),
        Criterion.shareAtLeast(
            "logins, right from 8 s after", NEARLY_ALL, run.after(LOGINS, BACK).goodShare()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }
}
