package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.process.ProcessTree;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.WholeSystem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * As many people log in as the cores can hash for, and then three times as many, while others only
 * ask for the keys: a full queue of hashing must not be felt on the event loops.
 */
final class LoginDrill implements Drill {
  private static final String LOGINS = "logins";
  private static final String KEYS = "keys";
  private static final int PEOPLE = 16;
  private static final int SESSIONS = 30;
  private static final int ROUNDS = 2;
  private static final int TOO_MANY = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final double KEYS_PER_SECOND = 50;
  private static final double OF_THE_CEILING = 0.75;
  private static final double MOST_MILLIS = 50;

  /** Of the whole time: each closed loop and each ceiling, and the refreshes. */
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

  /** Something that people do again and again. */
  private interface Deed {
    void take(int person) throws IOException, InterruptedException, UnfitException;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    room.out().println("starting the whole system");
    try (var system = WholeSystem.start(room.home(), room.folder(), Duration.ofSeconds(1));
        var load = system.load()) {
      var people = People.of(system);
      for (int i = 0; i < PEOPLE; i++) {
        people.register(i);
      }
      // A third of what a cold service spends on a login is its compiler's.
      room.out().printf("warming up, %d s%n", WARM_UP.toSeconds());
      var _ = perSecond(WARM_UP, people::logIn);
      var share = options.length().dividedBy(SHARES);
      double ceiling = 0;
      double logins = 0;
      for (int round = 1; round <= ROUNDS; round++) {
        room.out().printf("round %d of %d: hashing alone, then logins%n", round, ROUNDS);
        ceiling += HashCeiling.perSecond(share) / ROUNDS;
        logins += perSecond(share, person -> people.logIn(person)) / ROUNDS;
      }
      room.out().printf("refreshes of %d sessions%n", PEOPLE * SESSIONS);
      double refreshes = refreshesPerSecond(people, share);
      var calm = new Stretch("keys, and hardly a login", share, List.of(login(1), keys()));
      var full =
          new Stretch(
              TOO_MANY + " times of the logins that are served",
              share.multipliedBy(2),
              List.of(login(TOO_MANY * logins), keys()));
      var rehearsal = new Rehearsal(load, List.of(login(1), keys()), room.out());
      rehearsal.run(List.of(calm, full), () -> {});
      var seen = rehearsal.seen();
      var notes =
          List.of(
              "%.1f hashes a second on all cores with nothing else; %.1f logins a second through the edge"
                  .formatted(ceiling, logins),
              "%.0f refreshes a second, %d at a time".formatted(refreshes, PEOPLE),
              "resident: auth service %d MiB, gateway %d MiB"
                  .formatted(
                      mebibytes(system.pid("auth-service")), mebibytes(system.pid("gateway"))));
      return new Findings(new Verdict(name(), judge(seen, logins / ceiling), notes), seen);
    }
  }

  /** Everybody goes through sessions of their own, as each may be refreshed 30 times a minute. */
  private static double refreshesPerSecond(People people, Duration time)
      throws InterruptedException, UnfitException {
    var sessions = new ArrayList<ArrayDeque<People.Tokens>>();
    for (int i = 0; i < PEOPLE; i++) {
      sessions.add(new ArrayDeque<>());
    }
    var _ = perSecond(Duration.ZERO, person -> open(people, person, sessions.get(person)));
    return perSecond(
        time,
        person -> {
          var own = sessions.get(person);
          own.addLast(people.refresh(own.removeFirst()));
        });
  }

  private static void open(People people, int person, ArrayDeque<People.Tokens> sessions)
      throws IOException, InterruptedException, UnfitException {
    while (sessions.size() < SESSIONS) {
      sessions.add(people.logIn(person));
    }
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

  /** Returns how often a second all people together do it, one after the other each. */
  private static double perSecond(Duration time, Deed deed)
      throws InterruptedException, UnfitException {
    var done = new LongAdder();
    long begin = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(PEOPLE)) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < PEOPLE; i++) {
        int person = i;
        all.add(
            threads.submit(
                () -> {
                  do {
                    deed.take(person);
                    done.increment();
                  } while (System.nanoTime() - begin < time.toNanos());
                  return person;
                }));
      }
      for (var each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new UnfitException("somebody could not go on: " + e.getCause());
    }
    return done.sum() / ((System.nanoTime() - begin) / 1e9);
  }

  private static long mebibytes(long pid) throws IOException {
    var tree = new ProcessTree(ProcessHandle.of(pid).orElseThrow());
    return tree.residentKibibytes() / 1024;
  }
}
