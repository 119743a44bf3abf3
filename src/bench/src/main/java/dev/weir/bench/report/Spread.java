package dev.weir.bench.report;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** The middle of some measurements, and how far they reach. */
public record Spread(double median, double min, double max) {

  /** Empty where there is nothing to speak of. */
  public static Optional<Spread> of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    if (sorted.length == 0) {
      return Optional.empty();
    }
    return Optional.of(new Spread(median(sorted), sorted[0], sorted[sorted.length - 1]));
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** As {@code 35.1 (34.8-36.0)}, or the one value there is. */
  String text(String format) {
    return min == max
        ? format.formatted(median)
        : (format + " (" + format + "-" + format + ")").formatted(median, min, max);
  }

  /**
   * Median of the ratios of what was measured side by side. A ratio inside a round is what lasts on
   * a machine with neighbours: what slows one of the two slows the other.
   *
   * @param ours by round; NaN where a round has no value
   */
  public static Optional<Spread> ofRatios(double[] ours, double[] theirs) {
    if (ours.length != theirs.length) {
      throw new IllegalArgumentException("rounds without a counterpart");
    }
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, round -> ours[round] / theirs[round]);
    return of(Arrays.stream(ratios).filter(Double::isFinite));
  }
}
