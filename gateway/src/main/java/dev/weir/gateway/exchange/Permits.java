package dev.weir.gateway.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Permits, drawn by the handful into a purse of each event loop, so that loops do not write to one
 * place for every request.
 *
 * <p>A permit is in use or idle in a purse; {@code drawn} counts both, and is what a limit is held
 * against. So it is never less than what is in use: it goes up before the permits it counts are
 * there, and down after they are gone. It may be more, by what is idle; who would refuse because of
 * that fetches the idle ones back first. A permit may be put into another purse than it was taken
 * from.
 */
public final class Permits {
  private static final int HANDFULS_KEPT = 3;

  private final LoopCounts purses = new LoopCounts();
  private final AtomicInteger drawn = new AtomicInteger();

  /** Returns what is in use or idle. */
  public int drawn() {
    return drawn.get();
  }

  /** Takes a permit from this loop's purse, if one is there. */
  public boolean takeOwn() {
    int own = LoopCounts.own();
    int idle = purses.get(own);
    while (idle > 0) {
      if (purses.replace(own, idle, idle - 1)) {
        return true;
      }
      idle = purses.get(own);
    }
    return false;
  }

  /** Draws a permit to use at once, and others for this loop's purse, if the limit has room. */
  public boolean draw(int count, int limit) {
    int now = drawn.get();
    while (now + count <= limit) {
      if (drawn.compareAndSet(now, now + count)) {
        purses.add(LoopCounts.own(), count - 1);
        return true;
      }
      now = drawn.get();
    }
    return false;
  }

  /** Puts a used permit into this loop's purse, and a handful back where there are three. */
  public void putBack(int handful) {
    int own = LoopCounts.own();
    int idle = purses.add(own, 1);
    if (idle >= HANDFULS_KEPT * handful && purses.replace(own, idle, idle - handful)) {
      drawn.addAndGet(-handful);
    }
  }

  /** Empties all purses. */
  public void fetchIdle() {
    for (int purse = 0; purse < LoopCounts.size(); purse++) {
      int idle = purses.empty(purse);
      if (idle > 0) {
        drawn.addAndGet(-idle);
      }
    }
  }

  /** Returns what is in use; exact while nobody takes or puts back. */
  public int inUse() {
    return Math.max(0, drawn.get() - purses.sum());
  }
}
