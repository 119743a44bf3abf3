package dev.weir.bench.run;

/** Whether a series has stopped to change: less than three per cent, twice in a row. */
final class Flatness {
  private static final double TOLERANCE = 0.03;
  private static final int NEEDED = 2;

  private double last = Double.NaN;
  private int inARow;

  void add(double value) {
    inARow = Math.abs(value - last) < TOLERANCE * last ? inARow + 1 : 0;
    last = value;
  }

  boolean isReached() {
    return inARow >= NEEDED;
  }
}
