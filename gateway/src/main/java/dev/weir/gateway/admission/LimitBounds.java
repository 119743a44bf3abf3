package dev.weir.gateway.admission;

import java.time.Duration;

/**
 * Between what and towards what the concurrency limit moves.
 *
 * @param minimum never fewer concurrent requests than this, so that a probe of recovery always
 *     exists
 * @param initial the limit before anything was learned
 * @param maximum never more, whatever the signal says: it bounds memory
 * @param targetLag how late a due task may run on an event loop before the gateway counts as
 *     overloaded
 */
public record LimitBounds(int minimum, int initial, int maximum, Duration targetLag) {

  /** What a gateway gets that says nothing. */
  public static final LimitBounds STANDARD =
      new LimitBounds(64, 512, 20_000, Duration.ofMillis(50));

  /** Checks the order. */
  public LimitBounds {
    if (minimum < 1 || initial < minimum || maximum < initial) {
      throw new IllegalArgumentException("need 1 <= minimum <= initial <= maximum");
    }
    if (targetLag.toMillis() < 1) {
      throw new IllegalArgumentException("targetLag must be at least 1 ms: " + targetLag);
    }
  }

  /**
   * Returns the next limit after one window.
   *
   * <p>Multiplicative decrease while the loops are late, as TCP does it, but from the peak that was
   * really in flight, because a limit far above it binds nothing. Growth only where the limit was
   * nearly used, because an idle gateway learns nothing: by a fifth while the loops are well in
   * time, as in slow start, so that a cold or disturbed process is back within a second or two, and
   * by a little near the target.
   *
   * @param limit the limit of the window
   * @param peak the most requests in flight during it
   * @param lagNanos the least lag of the event loops during it
   */
  double next(double limit, int peak, long lagNanos) {
    return under(pressureOf(lagNanos), limit, peak, false);
  }

  /** Returns the pressure of a lag; 1 is the target. */
  double pressureOf(long lagNanos) {
    return (double) lagNanos / targetLag.toNanos();
  }

  /**
   * The same under a pressure of whatever kind, of which 1 is as much as may be.
   *
   * @param refused whether some were: then the limit is used, however few its classes let in
   */
  double under(double pressure, double limit, int peak, boolean refused) {
    double next = limit;
    if (pressure > 1) {
      next = Math.min(limit, Math.max(peak, minimum)) * 0.85;
    } else if (refused || peak >= limit * 0.5) {
      next = pressure < 0.5 ? limit * 1.2 : limit + Math.sqrt(limit);
    }
    return Math.clamp(next, minimum, maximum);
  }
}
