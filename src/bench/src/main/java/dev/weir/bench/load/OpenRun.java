package dev.weir.bench.load;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An open loop: requests are due at a fixed rate whether or not earlier ones were answered, and
 * their latency counts from then. One that finds every slot taken waits here, and its wait counts;
 * when the time is up, those that still wait are sent or given up, as was asked.
 */
final class OpenRun extends Run {
  private final int slots;
  private final double ratePerSecond;
  private final long count;
  private final boolean givesUp;
  private final ArrayDeque<Wire> free = new ArrayDeque<>();
  private OpenLoopSchedule schedule;
  private long next;
  private boolean timerSet;

  OpenRun(
      EventLoop loop,
      List<Wire> wires,
      int slots,
      Requests requests,
      double ratePerSecond,
      long lengthNanos,
      boolean givesUp) {
    super(loop, wires, requests, lengthNanos);
    this.slots = slots;
    this.ratePerSecond = ratePerSecond;
    this.givesUp = givesUp;
    this.count = Math.max(1, (long) (ratePerSecond * lengthNanos / 1e9));
    this.schedule = new OpenLoopSchedule(0, ratePerSecond, count);
  }

  @Override
  void begin(long nowNanos) {
    schedule = new OpenLoopSchedule(nowNanos, ratePerSecond, count);
    for (int slot = 0; slot < slots; slot++) {
      free.addAll(wires);
    }
    sendDue();
  }

  @Override
  void freed(Wire wire, long nowNanos) {
    free.add(wire);
    sendDue();
  }

  @Override
  long unsent(long nowNanos) {
    return count - next;
  }

  private void sendDue() {
    if (next == count || (givesUp && isOver(System.nanoTime()))) {
      if (isIdle()) {
        finish();
      }
      return;
    }
    while (!free.isEmpty() && schedule.isDue(next, System.nanoTime())) {
      var wire = free.remove();
      send(wire, schedule.due(next++));
      wire.flush();
    }
    // Without a free slot the next answer comes back here by itself.
    if (next < count && !free.isEmpty() && !timerSet) {
      timerSet = true;
      long wait = Math.max(0, schedule.due(next) - System.nanoTime());
      var _ = loop.schedule(this::timeCame, wait, TimeUnit.NANOSECONDS);
    }
  }

  private void timeCame() {
    timerSet = false;
    sendDue();
  }
}
