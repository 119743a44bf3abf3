package dev.weir.gateway.throttle;

/**
 * How many tokens of one key were asked for lately on this instance: in the window that runs and in
 * the one before. Two counters say all that sizing a lease needs, and forget within half a second.
 */
record Demand(long windowMillis, long uses, long before) {
  static final long WINDOW_MILLIS = 250;
  static final Demand NONE = new Demand(Long.MIN_VALUE / 2, 0, 0);

  Demand used(long nowMillis, int count) {
    Demand current = at(nowMillis);
    return new Demand(current.windowMillis, current.uses + count, current.before);
  }

  private Demand at(long nowMillis) {
    long passed = nowMillis - windowMillis;
    if (passed < WINDOW_MILLIS) {
      return this;
    }
    return passed < 2 * WINDOW_MILLIS
        ? new Demand(windowMillis + WINDOW_MILLIS, 0, uses)
        : new Demand(nowMillis, 0, 0);
  }

  /** Returns the uses in the last 250 ms, those of the window before by their share of it. */
  long perWindow(long nowMillis) {
    Demand current = at(nowMillis);
    long left = WINDOW_MILLIS - (nowMillis - current.windowMillis);
    return current.uses + current.before * Math.min(WINDOW_MILLIS, left) / WINDOW_MILLIS;
  }

  /** Returns whether it lasts, rather than being one burst. */
  boolean lasts(long nowMillis) {
    return at(nowMillis).before > 0;
  }
}
