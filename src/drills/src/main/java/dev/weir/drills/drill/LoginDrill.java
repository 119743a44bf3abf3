package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.process.ProcessTree;
import dev.weir.drills.drill.HashCeiling.Pace;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.load.Load;
import dev.weir.drills.load.Tally;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.WholeSystem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * As many people log in as the cores can hash for, and then three times as many, while others only
 * ask for the keys: a full queue of hashing must not be felt on the event loops.
 */
final class LoginDrill implements Drill {
  private static final String LOGINS = "logins";
  private static final String KEYS = "keys";
  private static final int PEOPLE = 16;
  private static final int SESSIONS = 30;

  /** Short ones in turns: what a core does in a second is not the same from minute to minute. */
  private static final int ROUNDS = 4;

  private static final int TOO_MANY = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final double KEYS_PER_SECOND = 50;
  private static final double OF_THE_CEILING = 0.75;
  private static final double MOST_MILLIS = 50;

  /** Of the whole time: four for ceilings and logins in turns, one for refreshes. */
  private static final int SHARES = 8;

  @Override
  public String name() {
    return "logins";
  }

  @Override
  public String summary() {
    return "more people log in than the cores can hash for";
  }

  @Override
  public int usualSeconds() {
    return 60;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    room.out().println("starting the whole system");
    try (var system = WholeSystem.start(room.home(), room.folder(), Duration.ofSeconds(1));
        var load = system.load();
        var ceiling = HashCeiling.start(room.home())) {
      var people = People.of(system);
      for (int i = 0; i < PEOPLE; i++) {
        people.register(i);
      }
      room.out().printf("warming up, %d s%n", WARM_UP.toSeconds());
      var cold = logIn(load, WARM_UP);
      var share = options.length().dividedBy(SHARES);
      var ledger = new CpuLedger(system);
      var turns = inTurns(room, ceiling, load, ledger, share.multipliedBy(4).dividedBy(2 * ROUNDS));
      room.out().printf("refreshes of %d sessions%n", PEOPLE * SESSIONS);
      var refreshes = new Refreshing(PEOPLE, SESSIONS).run(load, share);
      var calm = new Stretch("keys, and hardly a login", share, List.of(login(1), keys()));
      var full =
          new Stretch(
              TOO_MANY + " times of the logins that are served",
              share.multipliedBy(2),
              List.of(login(TOO_MANY * turns.logins().perSecond()), keys()));
      var rehearsal = new Rehearsal(load, List.of(login(1), keys()), room.out());
      rehearsal.run(List.of(calm, full), () -> {});
      var seen = rehearsal.seen();
      var notes =
          List.of(
              turns.text(cold),
              ledger.text(),
              "%.0f refreshes a second, %d at a time".formatted(refreshes.perSecond(), PEOPLE),
              "resident: auth service %d MiB, gateway %d MiB"
                  .formatted(
                      mebibytes(system.pid("auth-service")), mebibytes(system.pid("gateway"))));
      return new Findings(new Verdict(name(), judge(seen, turns.share()), notes), seen);
    }
  }

  /** What the cores hashed alone and how often people logged in, in turns. */
  private record Turns(Pace hashing, Tally logins) {
    double share() {
      return logins.perSecond() / hashing.perSecond();
    }

    String text(Tally cold) {
      return """
          %.1f hashes a second on all cores with nothing else, %.1f ms of a core each; %.1f logins a \
          second through the edge; %.1f in the first %d s, %.1f %% of the hashes"""
          .formatted(
              hashing.perSecond(),
              hashing.millisOfOne(),
              logins.perSecond(),
              cold.perSecond(),
              WARM_UP.toSeconds(),
              100 * cold.perSecond() / hashing.perSecond());
    }
  }

  private static Turns inTurns(
      Room room, HashCeiling ceiling, Load load, CpuLedger ledger, Duration each)
      throws IOException, UnfitException {
    var turns = new Turns(Pace.NOTHING, new Tally(0, 0));
    for (int round = 1; round <= ROUNDS; round++) {
      room.out().printf("round %d of %d: hashing alone, then logins%n", round, ROUNDS);
      var hashing = turns.hashing().and(ceiling.measure(each));
      var turn = ledger.begin();
      var logins = logIn(load, each);
      turn.end(logins.count());
      turns = new Turns(hashing, turns.logins().and(logins));
    }
    return turns;
  }

  /** Everybody logs in as a program does, one login after the other. */
  private static Tally logIn(Load load, Duration time) throws UnfitException {
    return Refreshing.told(
        load.repeat(
            IntStream.range(0, PEOPLE)
                .mapToObj(person -> Call.post("/auth/login", People.programs(person)))
                .toList(),
            time));
  }

  private static Lane login(double perSecond) {
    return new Lane(
        LOGINS, Call.post("/auth/login", People.credentials(0)), Protocol.H1, perSecond);
  }

  private static Lane keys() {
    var call = Call.get("/auth/.well-known/jwks.json", "");
    return new Lane(KEYS, call, Protocol.H1, KEYS_PER_SECOND);
  }

  private static List<Criterion> judge(Seen seen, double share) {
    var second = Duration.ofSeconds(1);
    var calm = seen.stretch(0, KEYS, second);
    var keys = seen.stretch(1, KEYS, second);
    var logins = seen.stretch(1, LOGINS, second);
    return List.of(
        Criterion.shareAtLeast("logins, of what hashing alone reaches", OF_THE_CEILING, share),
        Criterion.millisAtMost(
            "p99 of keys, with hardly a login", MOST_MILLIS, calm.goodMillis(0.99)),
        Criterion.shareAtLeast("keys with a full queue, served", 1, keys.goodShare()),
        Criterion.millisAtMost("p99 of keys with a full queue", MOST_MILLIS, keys.goodMillis(0.99)),
        Criterion.seen("logins that the full queue served", logins.good()),
        Criterion.seen("and refused at once", logins.refused()),
        Criterion.never("requests that failed in other ways", seen.failures()));
  }

  private static long mebibytes(long pid) throws IOException {
    var tree = new ProcessTree(ProcessHandle.of(pid).orElseThrow());
    return tree.residentKibibytes() / 1024;
  }
}
