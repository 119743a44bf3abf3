package dev.weir.bench.ceiling;

/**
 * The limit as its promise reads: a token bucket in whole numbers, by the nanosecond. A token is
 * 10^9 shares, so that a nanosecond brings as many shares as a second brings tokens.
 *
 * @param burst tokens when full
 */
record Bucket(long perSecond, long burst) {
  static final long TOKEN = 1_000_000_000L;

  /** Returns the shares when full. */
  long capacity() {
    return burst * TOKEN;
  }

  /** Returns the shares that flow in. */
  long inflow(long nanos) {
    return Math.multiplyExact(perSecond, nanos);
  }

  /** Returns the most that may pass within a time, whenever it begins. */
  long most(long nanos) {
    return (capacity() + inflow(nanos)) / TOKEN;
  }

  /** Returns the level after a time without requests; below zero too it flows in. */
  long refilled(long level, long nanos) {
    return Math.min(capacity(), level + inflow(nanos));
  }
}
