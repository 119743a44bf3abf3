package dev.weir.bench.load;

/**
 * When each request of an open loop is due: evenly spaced from the start, whatever the answers do.
 *
 * @param ratePerSecond of all callers together
 * @param count requests in all
 */
public record OpenLoopSchedule(long startNanos, double ratePerSecond, long count) {
  public OpenLoopSchedule {
    if (!(ratePerSecond > 0) || count < 1) {
      throw new IllegalArgumentException("a rate and a count above 0 are needed");
    }
  }

  /** When the request of this index is due; computed from the start, so that no error adds up. */
  public long due(long index) {
    return startNanos + (long) (index * (1e9 / ratePerSecond));
  }

  /** Whether the request of this index exists and is due by now. */
  public boolean isDue(long index, long nowNanos) {
    return index < count && due(index) - nowNanos <= 0;
  }
}
