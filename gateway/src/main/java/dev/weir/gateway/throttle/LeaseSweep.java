package dev.weir.gateway.throttle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Brings back what is leased and not going to be used: four times a second from keys whose demand
 * has ended, and everything when the process drains. Without it a burst would cost what was drawn
 * ahead for requests that did not come.
 */
final class LeaseSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseSweep.class);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration DRAIN_BOUND = Duration.ofMillis(500);
  private static final int PER_CALL = 64;

  private final LeaseTraffic traffic;
  private final Disposable timer;

  LeaseSweep(LeaseTraffic traffic, Scheduler scheduler) {
    this.traffic = traffic;
    this.timer =
        scheduler.schedulePeriodically(
            this::sweep, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what does not arrive runs out by itself
  void sweep() {
    if (!traffic.hasLeases()) {
      return;
    }
    List<LeaseCell> live = traffic.live();
    if (traffic.isOpen()) {
      long now = traffic.now();
      send(live, cell -> cell.beginReturn(now));
    }
  }

  private CompletableFuture<Void> send(List<LeaseCell> cells, Function<LeaseCell, Flight> begin) {
    List<CompletableFuture<?>> calls = new ArrayList<>();
    List<Departure> batch = new ArrayList<>();
    for (LeaseCell cell : cells) {
      Flight flight = begin.apply(cell);
      if (flight != Flight.NONE) {
        batch.add(new Departure(cell, 0, flight));
      }
      if (batch.size() == PER_CALL) {
        calls.add(traffic.send(List.copyOf(batch)).toCompletableFuture());
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      calls.add(traffic.send(List.copyOf(batch)).toCompletableFuture());
    }
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
  }

  /** Returns everything, be it in use or not. */
  CompletableFuture<Void> returnAll() {
    long now = traffic.now();
    return traffic.isOpen()
        ? send(traffic.live(), cell -> cell.beginLastReturn(now))
        : CompletableFuture.allOf();
  }

  /** Looks after nothing any more. */
  void cancel() {
    timer.dispose();
  }

  /** Returns everything, within half a second; what does not arrive runs out by itself. */
  @Override
  public void close() {
    cancel();
    try {
      returnAll().get(DRAIN_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException lost) {
      LOG.atInfo().log("leases could not be returned, they run out within a second");
    }
  }
}
