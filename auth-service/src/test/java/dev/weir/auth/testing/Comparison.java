package dev.weir.auth.testing;

import java.util.Arrays;
import java.util.Locale;

/** Two rows of times, taken in turns: whether anybody could tell one from the other. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Comparison(double[] one, double[] other) {

  /** Returns by how much the medians differ, as a share of the first. */
  public double apart() {
    return Math.abs(median(one) - median(other)) / median(one);
  }

  public static double mean(double[] row) {
    return Arrays.stream(row).average().orElse(0);
  }

  public static double median(double[] row) {
    var sorted = row.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Returns Welch's t: beyond two or three the means differ by more than chance. */
  public double welch() {
    return (mean(one) - mean(other))
        / Math.sqrt(variance(one) / one.length + variance(other) / other.length);
  }

  private static double variance(double[] row) {
    double mean = mean(row);
    return Arrays.stream(row).map(x -> (x - mean) * (x - mean)).sum() / (row.length - 1);
  }

  /**
   * Returns the z of Mann and Whitney, which a few slow answers do not move: beyond two or three
   * one row lies lower than the other by more than chance.
   */
  public double mannWhitney() {
    double[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    Arrays.sort(all);
    double ranks = 0;
    for (double x : one) {
      ranks += rank(all, x);
    }
    double u = ranks - one.length * (one.length + 1) / 2.0;
    double mean = one.length * (double) other.length / 2;
    double deviation = Math.sqrt(mean * (one.length + other.length + 1) / 6);
    return (u - mean) / deviation;
  }

  /** The middle of the places that equal values share, counted from one. */
  private static double rank(double[] sorted, double x) {
    int found = Arrays.binarySearch(sorted, x);
    int first = found;
    while (first > 0 && sorted[first - 1] == x) {
      first--;
    }
    int last = found;
    while (last < sorted.length - 1 && sorted[last + 1] == x) {
      last++;
    }
    return (first + last) / 2.0 + 1;
  }

  public String told() {
    return String.format(
        Locale.ROOT,
        "means %.2f and %.2f ms, medians %.2f and %.2f ms (%.2f %% apart), Welch t %.2f,"
            + " Mann-Whitney z %.2f",
        mean(one),
        mean(other),
        median(one),
        median(other),
        apart() * 100,
        welch(),
        mannWhitney());
  }
}
