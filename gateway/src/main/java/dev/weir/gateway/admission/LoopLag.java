package dev.weir.gateway.admission;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Measures how late a due task runs on each event loop. A task is due on every loop each 10 ms;
 * what it waited beyond that, every request there waits too.
 *
 * <p>What counts is the <em>least</em> lag of a window, as in CoDel (RFC 8289): a burst, a
 * collection or a neighbour on the same core delays some tasks, but only a standing queue delays
 * all of them.
 */
public final class LoopLag {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long NONE = Long.MAX_VALUE;

  private final AtomicLongArray least;
  private final AtomicLong last = new AtomicLong();

  /** Starts a probe on every loop; it ends with the loop. */
  public LoopLag(Iterable<EventExecutor> loops) {
    List<EventExecutor> all = new ArrayList<>();
    loops.forEach(all::add);
    this.least = new AtomicLongArray(all.size());
    for (int i = 0; i < all.size(); i++) {
      least.set(i, NONE);
      schedule(all.get(i), i);
    }
  }

  private void schedule(EventExecutor loop, int index) {
    if (loop.isShuttingDown()) {
      return;
    }
    long due = System.nanoTime() + PERIOD_NANOS;
    Runnable probe =
        () -> {
          long late = Math.max(0, System.nanoTime() - due);
          least.accumulateAndGet(index, late, Math::min);
          schedule(loop, index);
        };
    var _ = loop.schedule(probe, PERIOD_NANOS, TimeUnit.NANOSECONDS);
  }

  /** Returns the least lag of the most loaded loop since the last call, in nanoseconds. */
  public long drain() {
    long worst = 0;
    for (int i = 0; i < least.length(); i++) {
      long lag = least.getAndSet(i, NONE);
      // A loop that ran no probe for a whole window is not idle, it is stuck.
      worst = Math.max(worst, lag == NONE ? 10 * PERIOD_NANOS : lag);
    }
    last.set(worst);
    return worst;
  }

  /** Returns what the last {@link #drain()} found. */
  public long lastNanos() {
    return last.get();
  }

  /** Returns what the last {@link #drain()} found, in seconds. */
  public double lastSeconds() {
    return last.get() / 1e9;
  }
}
