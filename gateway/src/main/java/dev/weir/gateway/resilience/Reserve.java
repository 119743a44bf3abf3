package dev.weir.gateway.resilience;

/**
 * The places that the lower classes leave free for the first one.
 *
 * <p>Who goes first gets in while those of its own class do not fill the limit. Where the lower
 * ones have filled it by then, more than the limit are under way, and the queue is longer than it
 * was to be: most where answers come in bursts, after each of which the lower classes take all that
 * has become free. So as many places are kept as makes what is under way the limit again.
 *
 * <p>Written and read by one thread.
 */
final class Reserve {
  private static final double STEP = 1 / 8.0;
  private static final double MOST = 0.5;

  private double places;

  /**
   * Hears how many were under way.
   *
   * @param underWay the mean of a span
   */
  void hear(double underWay, double limit) {
    places = Math.clamp(places + STEP * (underWay - limit), 0, MOST * limit);
  }

  /**
   * Returns how many are kept.
   *
   * @param limit that holds now; it may have been cut since
   */
  int places(double limit) {
    return (int) Math.min(places, MOST * limit);
  }
}
