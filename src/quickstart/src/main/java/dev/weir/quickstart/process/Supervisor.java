package dev.weir.quickstart.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Starts the parts of a run, keeps them, and stops them in order. */
public final class Supervisor {
  private final Keeper.Supervision supervision;
  private final Map<String, Keeper> keepers = new ConcurrentHashMap<>();
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  // Under this object's lock: what is not started when the stop begins is never started.
  private boolean stopping;

  public Supervisor(Consumer<String> report, PidFile pids, Duration restartDelay) {
    this.supervision = new Keeper.Supervision(report, pids, restartDelay, failure::complete);
  }

  /** Starts a part; the future completes with the time until it was ready. */
  public synchronized CompletableFuture<Duration> start(Part part) {
    if (stopping) {
      return CompletableFuture.failedFuture(new StartFailedException("the run is ending"));
    }
    var keeper = new Keeper(part, supervision);
    keepers.put(part.name(), keeper);
    Thread.ofVirtual().name("keeper-" + part.name()).start(keeper);
    return keeper.ready();
  }

  /** Completes with the reason once the run cannot go on. */
  public CompletableFuture<String> failure() {
    return failure;
  }

  /** Ends the run for a reason that lies outside the parts. */
  public void giveUp(String reason) {
    failure.complete(reason);
  }

  /**
   * Stops the named parts together and returns when all have ended; from now on no part is started.
   */
  public void stop(List<String> names, Duration grace) throws InterruptedException {
    synchronized (this) {
      stopping = true;
    }
    var threads =
        names.stream()
            .flatMap(name -> Optional.ofNullable(keepers.get(name)).stream())
            .map(keeper -> Thread.ofVirtual().start(() -> stop(keeper, grace)))
            .toList();
    for (var thread : threads) {
      thread.join();
    }
  }

  private static void stop(Keeper keeper, Duration grace) {
    try {
      keeper.stop(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
