package dev.weir.gateway.throttle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One report of a lease on its way to the store; a lease has one under way at most. Requests that
 * find the lease empty meanwhile wait for it.
 */
final class Flight {
  static final Flight NONE = new Flight(new Draw.Report(0, 0, 0, 0, 0), 0);
  private static final int WAITING_BOUND = 1024;

  private final Draw.Report report;
  private final long sentMillis;
  private final CompletableFuture<Void> landing = new CompletableFuture<>();
  private final AtomicInteger waiting = new AtomicInteger();

  Flight(Draw.Report report, long sentMillis) {
    this.report = report;
    this.sentMillis = sentMillis;
  }

  Draw.Report report() {
    return report;
  }

  /** When it was put together, which is before it was sent. */
  long sentMillis() {
    return sentMillis;
  }

  /**
   * Returns when it has landed. Beyond the bound nobody waits: a thousand on one key in the time of
   * one call is a store that is too slow for this key.
   */
  CompletableFuture<Void> await() {
    return waiting.incrementAndGet() <= WAITING_BOUND
        ? landing
        : CompletableFuture.failedFuture(
            new StoreFailure(StoreFailure.Kind.UNREACHABLE, "too many wait for one draw"));
  }

  /** Lets those who wait decide anew. */
  void landed() {
    landing.complete(null);
  }

  /** Fails those who wait. */
  void lost(Throwable failure) {
    landing.completeExceptionally(failure);
  }
}
