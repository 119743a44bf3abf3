package dev.weir.bench.load;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What came of a run.
 *
 * @param statuses answers by status
 * @param latencies nanoseconds from the moment a request was due (closed loop: sent)
 * @param unsent requests of an open loop that were due and found no free slot to the end
 * @param unanswered requests that were sent and had no answer at the end
 * @param broken why it ended early
 */
public record Outcome(
    SortedMap<Integer, Long> statuses,
    Histogram latencies,
    long wallNanos,
    long unsent,
    long unanswered,
    Optional<String> broken) {

  /** A run that did not come to pass. */
  public static Outcome broken(String reason) {
    var none = new Tally();
    return new Outcome(none.statuses(), none.latencies(), 1, 0, 0, Optional.of(reason));
  }

  /** All answers, whatever their status. */
  public long answers() {
    return statuses.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Answers with the status. */
  public long count(int status) {
    return statuses.getOrDefault(status, 0L);
  }

  /** Returns microseconds at the percentile. */
  public double micros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }

  /** Answers per second. */
  public double perSecond() {
    return answers() / (wallNanos / 1e9);
  }

  /** Why this run must not count, if so: it broke, or had answers other than these. */
  public Optional<String> fault(Map<Integer, Double> allowedShares) {
    if (broken.isPresent()) {
      return broken;
    }
    for (var entry : statuses.entrySet()) {
      double allowed = allowedShares.getOrDefault(entry.getKey(), 0.0);
      if (entry.getValue() > allowed * answers()) {
        return Optional.of(
            "%d of %d answers were %d".formatted(entry.getValue(), answers(), entry.getKey()));
      }
    }
    return answers() == 0 ? Optional.of("no answer at all") : Optional.empty();
  }
}
