package dev.weir.gateway.resilience;

import java.util.Arrays;

/**
 * A percentile of the latest latencies that one event loop saw; confined to it.
 *
 * <p>A request writes one number; every {@value #EVERY}th sorts a copy of {@value #SIZE} numbers:
 * together 58 ns a request (LatencyWindowBench). A sketch would hold more of the past for less
 * work, but the past of a busy upstream is of no interest, and of this one everybody sees what it
 * says.
 */
final class LatencyWindow {
  /** While too little is known. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final int SIZE = 256;
  private static final int FEWEST = 64;
  private static final int EVERY = 32;

  private final long[] latest = new long[SIZE];
  private final int percentile;
  private int next;
  private int known;
  private long threshold = UNKNOWN;

  LatencyWindow(int percentile) {
    this.percentile = percentile;
  }

  void note(long nanos) {
    latest[next] = nanos;
    next = (next + 1) % SIZE;
    known = Math.min(SIZE, known + 1);
    if (known >= FEWEST && next % EVERY == 0) {
      threshold = compute();
    }
  }

  private long compute() {
    long[] sorted = Arrays.copyOf(latest, known);
    Arrays.sort(sorted);
    return sorted[Math.ceilDiv(known * percentile, 100) - 1];
  }

  /** Returns what that share of the latest were not above, or {@link #UNKNOWN}. */
  long threshold() {
    return threshold;
  }
}
