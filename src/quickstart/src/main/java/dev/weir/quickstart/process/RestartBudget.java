package dev.weir.quickstart.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Allows a bounded number of restarts within a sliding window. Used by one thread. */
final class RestartBudget {
  private final int restarts;
  private final long windowNanos;
  private final LongSupplier ticker;
  private final ArrayDeque<Long> granted = new ArrayDeque<>();

  RestartBudget(int restarts, Duration window, LongSupplier ticker) {
    this.restarts = restarts;
    this.windowNanos = window.toNanos();
    this.ticker = ticker;
  }

  /** Takes one restart, or answers false when the window's share is used up. */
  boolean take() {
    long now = ticker.getAsLong();
    while (!granted.isEmpty() && now - granted.getFirst() >= windowNanos) {
      granted.removeFirst();
    }
    if (granted.size() >= restarts) {
      return false;
    }
    granted.addLast(now);
    return true;
  }
}
