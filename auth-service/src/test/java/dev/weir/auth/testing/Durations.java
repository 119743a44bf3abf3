package dev.weir.auth.testing;

import java.util.List;
import java.util.stream.LongStream;

/** Sorted durations of one kind of call, to be compared with those of another. */
public record Durations(List<Long> nanos) {
  public Durations {
    nanos = nanos.stream().sorted().toList();
  }

  public double medianMillis() {
    return nanos.get(nanos.size() / 2) / 1e6;
  }

  /** Welch's t: the distance of the means in standard errors. */
  public double welch(Durations other) {
    return (mean() - other.mean())
        / Math.sqrt(variance() / nanos.size() + other.variance() / other.nanos.size());
  }

  /** The largest distance between the two distributions (Kolmogorov, Smirnov). */
  public double distance(Durations other) {
    double largest = 0;
    int theirs = 0;
    for (int mine = 0; mine < nanos.size(); mine++) {
      while (theirs < other.nanos.size() && other.nanos.get(theirs) <= nanos.get(mine)) {
        theirs++;
      }
      double here = (mine + 1.0) / nanos.size() - (double) theirs / other.nanos.size();
      largest = Math.max(largest, Math.abs(here));
    }
    return largest;
  }

  private double mean() {
    return all().average().orElseThrow();
  }

  private double variance() {
    double mean = mean();
    return all().mapToDouble(n -> (n - mean) * (n - mean)).sum() / (nanos.size() - 1);
  }

  private LongStream all() {
    return nanos.stream().mapToLong(Long::longValue);
  }
}
