package dev.weir.gateway.throttle;

/**
 * What the store last told of a bucket.
 *
 * @param credit whole tokens left in it then
 * @param nextMillis when there is one more
 * @param dryUntilMillis until when asking again would be in vain, or too soon
 * @param vain for as many tokens or more; a request that needs fewer may have them
 */
record Told(long credit, long nextMillis, long dryUntilMillis, long vain) {
  /** A refusal is asked about anew at least once a second: others may have given tokens back. */
  static final long LONGEST_PAUSE_MILLIS = 1000;

  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  static final Told NOTHING = new Told(0, LONG_AGO, LONG_AGO, 1);

  static Told of(Drawn drawn, long nowMillis) {
    return new Told(drawn.remaining(), nowMillis + drawn.waitMillis(), LONG_AGO, 1);
  }

  /**
   * The store had not what was needed. The pause lets a share of the capacity flow in before the
   * next call, which keeps calls few while many instances wait for a trickle; it is an eighth of
   * the time that filling takes at most, so nothing is lost to the brim.
   */
  static Told dry(Drawn drawn, long need, BucketShape shape, long nowMillis) {
    long due = drawn.waitMillis() + shape.inflowMillis(need - drawn.remaining() - 1);
    return new Told(
        drawn.remaining(),
        nowMillis + drawn.waitMillis(),
        nowMillis + Math.min(LONGEST_PAUSE_MILLIS, Math.max(due, shape.pauseMillis())),
        need);
  }

  /**
   * Returns how many tokens the store has by now, as far as can be told: of a key that is asked for
   * often, others will have drawn what flowed in since, and of one that is not, nobody.
   */
  long creditAt(BucketShape shape, long nowMillis) {
    long since = nowMillis - nextMillis;
    long more = since < LONGEST_PAUSE_MILLIS ? 0 : 1 + since * shape.refill() / shape.unit();
    return Math.min(shape.capacity() / shape.unit(), credit + more);
  }

  /** Returns whether it would be in vain to ask for so many tokens now. */
  boolean isDry(long need, long nowMillis) {
    return nowMillis < dryUntilMillis && need >= vain;
  }

  /** Returns how long it takes until the store has so many tokens and may be asked. */
  long waitMillis(long need, BucketShape shape, long nowMillis) {
    long due = nextMillis + shape.inflowMillis(need - credit - 1);
    long open = need >= vain ? dryUntilMillis : LONG_AGO;
    return Math.max(0, Math.max(due, open) - nowMillis);
  }
}
