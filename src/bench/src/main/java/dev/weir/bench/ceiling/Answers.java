package dev.weir.bench.ceiling;

import dev.weir.bench.load.Outcome;
import java.util.Map;
import java.util.TreeMap;

/** What clients of one gateway were answered, second by second. Shared by two threads: locked. */
final class Answers {
  private static final int OK = 200;
  private static final int REFUSED = 429;

  private final long[] refused;
  private final Map<Integer, Long> others = new TreeMap<>();
  private long answers;
  private long lost;

  Answers(int seconds) {
    refused = new long[seconds + 1];
  }

  synchronized void add(int second, Outcome outcome) {
    refused[Math.min(second, refused.length - 1)] += outcome.count(REFUSED);
    answers += outcome.answers();
    lost += outcome.unanswered();
    outcome
        .statuses()
        .forEach(
            (status, count) -> {
              if (status != OK && status != REFUSED) {
                others.merge(status, count, Long::sum);
              }
            });
  }

  synchronized long answers() {
    return answers;
  }

  /** Returns how many were sent and had no answer, as their gateway was killed. */
  synchronized long lost() {
    return lost;
  }

  synchronized long refused(int fromSecond, int toSecond) {
    long sum = 0;
    for (int i = fromSecond; i < Math.min(toSecond, refused.length); i++) {
      sum += refused[i];
    }
    return sum;
  }

  synchronized Map<Integer, Long> others() {
    return Map.copyOf(others);
  }
}
