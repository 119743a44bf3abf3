package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool's time: one timer, which runs while the pool has anything that grows old. Requests read
 * the number of its ticks and no clock. Confined to its loop.
 */
final class PoolClock {
  private final EventLoop loop;
  private final long tickMillis;
  private final BooleanSupplier goesOn;
  private int tick;
  private @Nullable ScheduledFuture<?> next;

  /**
   * Stands still until it is started.
   *
   * @param goesOn asked after each tick
   */
  PoolClock(EventLoop loop, long tickMillis, BooleanSupplier goesOn) {
    this.loop = loop;
    this.tickMillis = tickMillis;
    this.goesOn = goesOn;
  }

  int tick() {
    return tick;
  }

  /** Does so at each tick from now on, unless it does already. */
  void start(Runnable sweep) {
    if (next == null) {
      next = loop.schedule(() -> strike(sweep), tickMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void strike(Runnable sweep) {
    tick++;
    sweep.run();
    next = null;
    if (goesOn.getAsBoolean()) {
      start(sweep);
    }
  }
}
