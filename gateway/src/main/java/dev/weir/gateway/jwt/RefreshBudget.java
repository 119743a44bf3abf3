package dev.weir.gateway.jwt;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often strangers with unknown key ids may make us fetch: once per period, with a small burst.
 * Without it a flood of made-up ids would be a flood of fetches.
 */
final class RefreshBudget {
  private final long periodNanos;
  private final long burstNanos;
  private final LongSupplier nanos;

  // When the budget is whole again; in the past while nothing is spent. One compare-and-set spends.
  private final AtomicLong wholeAt;

  RefreshBudget(Duration period, int burst, LongSupplier nanos) {
    this.periodNanos = period.toNanos();
    this.burstNanos = periodNanos * burst;
    this.nanos = nanos;
    this.wholeAt = new AtomicLong(nanos.getAsLong());
  }

  boolean spend() {
    while (true) {
      long now = nanos.getAsLong();
      long before = wholeAt.get();
      long spentUntil = before - now < 0 ? now : before;
      long after = spentUntil + periodNanos;
      if (after - now > burstNanos) {
        return false;
      }
      if (wholeAt.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
