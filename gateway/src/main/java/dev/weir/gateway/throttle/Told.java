package dev.weir.gateway.throttle;

/**
 * What the store last told of a bucket.
 *
 * @param credit whole tokens left in it then
 * @param nextMillis when there is one more
 * @param dryUntilMillis until when asking again would be in vain, or too soon
 */
record Told(long credit, long nextMillis, long dryUntilMillis) {
  /** A refusal is asked about anew at least once a second: others may have given tokens back. */
  static final long LONGEST_PAUSE_MILLIS = 1000;

  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  static final Told NOTHING = new Told(0, LONG_AGO, LONG_AGO);

  static Told of(Drawn drawn, long nowMillis) {
    return new Told(drawn.remaining(), nowMillis + drawn.waitMillis(), LONG_AGO);
  }

  /**
   * The store gave less than it was asked for. The pause lets a share of the capacity flow in
   * before the next call, which keeps calls few while many instances wait for a trickle; it is an
   * eighth of the time that filling takes at most, so nothing is lost to the brim.
   */
  static Told dry(Drawn drawn, BucketShape shape, long nowMillis) {
    long pause = Math.max(drawn.waitMillis(), shape.pauseMillis());
    return new Told(
        drawn.remaining(),
        nowMillis + drawn.waitMillis(),
        nowMillis + Math.min(LONGEST_PAUSE_MILLIS, pause));
  }

  boolean isDry(long nowMillis) {
    return nowMillis < dryUntilMillis;
  }

  long waitMillis(long nowMillis) {
    return Math.max(0, Math.max(nextMillis, dryUntilMillis) - nowMillis);
  }
}
