package dev.weir.gateway.resilience;

/**
 * The ramp of an endpoint that comes into service: cold caches and an empty pool take a while.
 *
 * @param fromMillis its begin, by the clock
 * @param lengthMillis until it is over
 */
record SlowStart(long fromMillis, long lengthMillis) {
  /** The whole of a share. */
  static final int FULL = 1_000;

  /** Where nothing ramps. */
  static final SlowStart OVER = new SlowStart(0, 0);

  /** The first share: enough to warm up by, too little to be felt if it still fails. */
  private static final int LEAST = FULL / 20;

  int shareAt(long nowMillis) {
    long passed = Math.max(0, nowMillis - fromMillis);
    if (passed >= lengthMillis) {
      return FULL;
    }
    return Math.max(LEAST, (int) (FULL * passed / lengthMillis));
  }
}
