package dev.weir.drills.timeline;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of the requests of one lane, or several, that were due within a stretch of time.
 *
 * @param counts requests by outcome
 * @param goodMicros latencies of the good answers, from the moment each was due; sorted
 * @param slowestMicros the longest that any of them took, whatever came of it
 * @param seconds how long the stretch is
 */
public record Figures(
    Map<Outcome, Long> counts, int[] goodMicros, long slowestMicros, double seconds) {

  public Figures {
    counts = Map.copyOf(counts);
  }

  /** Returns all requests. */
  public long sent() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  public long good() {
    return count(Outcome.Kind.GOOD);
  }

  public long refused() {
    return count(Outcome.Kind.REFUSED);
  }

  public long failed() {
    return count(Outcome.Kind.FAILED);
  }

  private long count(Outcome.Kind kind) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().kind() == kind)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Returns the requests that were refused with this label, a status and a code. */
  public long refused(String label) {
    return counts.getOrDefault(new Outcome(Outcome.Kind.REFUSED, label), 0L);
  }

  /** Returns the requests that were refused with a status that begins so. */
  public long refusedWith(String digits) {
    return of(Outcome.Kind.REFUSED).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(digits))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Returns the share of all that had the answer they asked for; 0 where nothing was sent. */
  public double goodShare() {
    return sent() == 0 ? 0 : (double) good() / sent();
  }

  /** Returns good answers a second. */
  public double goodput() {
    return seconds == 0 ? 0 : good() / seconds;
  }

  /** Returns the latency below which this share of the good answers lies. */
  public double goodMillis(double share) {
    return goodMicros.length == 0 ? 0 : goodMicros[(int) (share * (goodMicros.length - 1))] / 1e3;
  }

  /** Returns the outcomes of a kind with their counts, by label. */
  public SortedMap<String, Long> of(Outcome.Kind kind) {
    var labels = new TreeMap<String, Long>();
    counts.forEach(
        (outcome, count) -> {
          if (outcome.kind() == kind) {
            labels.put(outcome.label(), count);
          }
        });
    return labels;
  }
}
