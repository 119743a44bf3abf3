package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.WholeSystem;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * People log out while three gateways are shown their tokens; how long does the last of them go on
 * to take it?
 */
final class RevocationDrill implements Drill {
  private static final int GATEWAYS = 3;
  private static final double MOST_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "revocation";
  }

  @Override
  public String summary() {
    return "people log out while three gateways are shown their tokens";
  }

  @Override
  public int usualSeconds() {
    return 60;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    room.out().println("starting the whole system and two more gateways");
    try (var system = WholeSystem.start(room.home(), room.folder(), Duration.ofSeconds(1));
        var threads = Executors.newFixedThreadPool(GATEWAYS)) {
      var ports = new ArrayList<Integer>(List.of(system.edgePort()));
      while (ports.size() < GATEWAYS) {
        ports.add(system.anotherGateway("gateway-" + (ports.size() + 1)));
      }
      var people = People.of(system);
      people.register(0);
      var rounds = new Rounds(people, ports, threads);
      return rounds.run(options.length(), room);
    }
  }

  /** One logout after the other, and what the gateways said to it. */
  private static final class Rounds {
    private final People people;
    private final List<Integer> ports;
    private final ExecutorService threads;
    private final Timeline timeline;
    private final List<Double> millis = new ArrayList<>();
    private final long begin = System.nanoTime();
    private long otherStatuses;

    Rounds(People people, List<Integer> ports, ExecutorService threads) {
      this.people = people;
      this.ports = ports;
      this.threads = threads;
      this.timeline =
          new Timeline(ports.stream().map(port -> "gateway " + ports.indexOf(port)).toList());
    }

    Findings run(Duration length, Room room)
        throws IOException, InterruptedException, UnfitException {
      long told = begin;
      while (System.nanoTime() - begin < length.toNanos()) {
        round();
        if (System.nanoTime() - told > Duration.ofSeconds(5).toNanos()) {
          told = System.nanoTime();
          room.out().printf("%4d s  %d logouts%n", (told - begin) / 1_000_000_000, millis.size());
        }
      }
      millis.sort(null);
      var criteria =
          List.of(
              Criterion.seen("logouts", millis.size()),
              Criterion.millisAtMost("204 to the last acceptance, p50", MOST_MILLIS, at(0.5)),
              Criterion.millisAtMost("p99", MOST_MILLIS, at(0.99)),
              Criterion.millisAtMost("longest", MOST_MILLIS, at(1)),
              Criterion.never("answers that were neither 200 nor 401", otherStatuses));
      return new Findings(new Verdict("revocation", criteria, List.of()), timeline, List.of());
    }

    private double at(double share) {
      return millis.isEmpty() ? 0 : millis.get((int) (share * (millis.size() - 1)));
    }

    private void round() throws IOException, InterruptedException, UnfitException {
      var tokens = people.logIn(0);
      var accepted = new CountDownLatch(ports.size());
      var asking = new ArrayList<Future<Long>>();
      for (int port : ports) {
        asking.add(
            threads.submit(new Asker(people.probe(), port, tokens.access(), this::hear, accepted)));
      }
      if (!accepted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new UnfitException("a gateway does not take a token of " + people.port());
      }
      int status = people.logOut(tokens);
      long out = System.nanoTime();
      if (status != 204) {
        throw new UnfitException("a logout is answered by " + status);
      }
      long last = out;
      for (var each : asking) {
        last = Math.max(last, result(each));
      }
      millis.add((last - out) / 1e6);
    }

    private static long result(Future<Long> each) throws InterruptedException, UnfitException {
      try {
        return each.get();
      } catch (ExecutionException e) {
        throw new UnfitException("asking a gateway failed: " + e.getCause());
      }
    }

    private synchronized void hear(int port, int status, long sent, long end) {
      if (status != 200 && status != 401) {
        otherStatuses++;
      }
      var outcome =
          switch (status) {
            case 200 -> Outcome.good(status);
            case 401 -> Outcome.refused(status, "token-invalid");
            default -> Outcome.failed("status " + status);
          };
      timeline.add(ports.indexOf(port), Duration.ofNanos(sent - begin), outcome, end - sent);
    }
  }
}
