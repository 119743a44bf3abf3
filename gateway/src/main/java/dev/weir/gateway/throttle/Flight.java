package dev.weir.gateway.throttle;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One report of a lease on its way to the store; a lease has one under way at most. Requests that
 * find the lease empty meanwhile wait for it.
 */
final class Flight {
  static final Flight NONE = new Flight(new Draw.Report(0, 0, 0, 0, 0), 0);
  static final int WAITING_BOUND = 1024;

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
   * Returns when it has landed; nothing beyond the bound, where nobody waits: a thousand on one key
   * in the time of one call are more than this key will let pass.
   */
  Optional<CompletableFuture<Void>> await() {
    return waiting.incrementAndGet() <= WAITING_BOUND ? Optional.of(landing) : Optional.empty();
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
