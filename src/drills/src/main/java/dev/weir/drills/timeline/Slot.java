package dev.weir.drills.timeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What came of the requests of one lane that were due in one quarter of a second. */
final class Slot {
  private static final int FIRST_SIZE = 64;

  private final Map<Outcome, Long> counts = new HashMap<>();
  private int[] goodMicros = new int[FIRST_SIZE];
  private int good;
  private long slowestMicros;

  void add(Outcome outcome, long latencyNanos) {
    counts.merge(outcome, 1L, Long::sum);
    int micros = (int) Math.min(Integer.MAX_VALUE, latencyNanos / 1_000);
    slowestMicros = Math.max(slowestMicros, micros);
    if (outcome.kind() != Outcome.Kind.GOOD) {
      return;
    }
    if (good == goodMicros.length) {
      goodMicros = Arrays.copyOf(goodMicros, 2 * good);
    }
    goodMicros[good++] = micros;
  }

  void addTo(Map<Outcome, Long> sum) {
    counts.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
  }

  int good() {
    return good;
  }

  long slowestMicros() {
    return slowestMicros;
  }

  /** Copies the latencies of good answers to this place of an array. */
  void copyGood(int[] to, int at) {
    System.arraycopy(goodMicros, 0, to, at, good);
  }
}
