package dev.weir.bench.load;

import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Counts answers on the event loop: two array writes for each. */
final class Tally {
  private static final long LATENCY_BOUND_NANOS = 60_000_000_000L;
  private static final int DIGITS = 3;
  private static final int STATUSES = 1000;

  private final Histogram latencies = new Histogram(LATENCY_BOUND_NANOS, DIGITS);
  private final long[] statuses = new long[STATUSES];

  void count(int status, long latencyNanos) {
    statuses[status >= 0 && status < STATUSES ? status : 0]++;
    latencies.recordValue(Math.clamp(latencyNanos, 0, LATENCY_BOUND_NANOS));
  }

  SortedMap<Integer, Long> statuses() {
    var counts = new TreeMap<Integer, Long>();
    for (int status = 0; status < STATUSES; status++) {
      if (statuses[status] > 0) {
        counts.put(status, statuses[status]);
      }
    }
    return counts;
  }

  Histogram latencies() {
    return latencies;
  }
}
