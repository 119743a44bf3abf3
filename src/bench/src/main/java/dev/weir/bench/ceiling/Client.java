package dev.weir.bench.ceiling;

import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.load.Outcome;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.load.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/**
 * Sends requests of all callers to one gateway, as the phases say, a second at a time and in an
 * open loop; connects anew when the gateway went away. One thread.
 */
final class Client implements Runnable {
  private static final long SECOND = 1_000_000_000L;
  private static final long RETRY_MILLIS = 50;

  private final Options options;
  private final Gateway gateway;
  private final Traffic traffic;
  private final Answers answers;

  Client(Options options, Gateway gateway, Traffic traffic) {
    this.options = options;
    this.gateway = gateway;
    this.traffic = traffic;
    this.answers = new Answers((int) options.length().toSeconds());
  }

  /** Keeps a gateway busy with a caller that is not judged. */
  static void warm(Options options, Gateway gateway, LoadGenerator load, String token) {
    if (options.warmUp().isZero()) {
      return;
    }
    var path = Judge.warmPath(gateway.number());
    double rate = (double) options.offered() / options.gateways();
    try (var requests =
            Requests.stamped("localhost:" + gateway.port(), path, List.of(token), (_, _) -> {});
        var connections = load.connect(gateway.port(), Protocol.H1)) {
      connections.offer(requests, rate, options.warmUp());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answers answers() {
    return answers;
  }

  @Override
  public void run() {
    var path = Judge.path(gateway.number());
    try (var requests =
        Requests.stamped(
            "localhost:" + gateway.port(), path, traffic.tokens(), traffic.offered())) {
      while (elapsed() < options.length().toNanos()) {
        talk(requests);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long elapsed() {
    return System.nanoTime() - traffic.beginNanos();
  }

  /** Until the end, or until the connections break. */
  private void talk(Requests requests) throws InterruptedException {
    try (var connections = traffic.load().connect(gateway.port(), Protocol.H1)) {
      boolean sound = true;
      while (sound && elapsed() < options.length().toNanos()) {
        long now = elapsed();
        var phase = phaseAt(now);
        long end = Math.min((now / SECOND + 1) * SECOND, phase.toNanos(options));
        double rate = phase.rate(options, gateway.number());
        if (rate * (end - now) < SECOND) {
          // Not one whole request.
          sleepUntil(end);
          continue;
        }
        var outcome = connections.offer(requests, rate, Duration.ofNanos(end - now));
        answers.add((int) (now / SECOND), outcome);
        tellOfTrouble(outcome);
        // A connection whose answer is overdue must not carry the next request.
        sound = outcome.broken().isEmpty() && outcome.unanswered() == 0;
        if (sound) {
          // The last request was due, and answered, some time before the end.
          sleepUntil(end);
        }
      }
    } catch (IOException away) {
      Thread.sleep(RETRY_MILLIS);
    }
  }

  private void sleepUntil(long nanos) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(Math.max(0, nanos - elapsed())));
  }

  private void tellOfTrouble(Outcome outcome) {
    if (outcome.unanswered() > 0) {
      traffic
          .out()
          .printf(
              "        gateway %d: %d requests without an answer, %s%n",
              gateway.number() + 1,
              outcome.unanswered(),
              outcome.broken().isPresent() ? "its connections broke" : "two seconds late");
    }
  }

  private Phase phaseAt(long nanos) {
    var plan = Phase.plan(options);
    return plan.stream()
        .filter(phase -> nanos < phase.toNanos(options))
        .findFirst()
        .orElse(plan.getLast());
  }
}
