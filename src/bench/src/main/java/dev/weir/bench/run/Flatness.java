package dev.weir.bench.run;

/**
 * Whether a contender is warm: its CPU per request changed by less than five per cent, twice in a
 * row, and no JIT was at work meanwhile. CPU per request alone is flat, for some seconds, at what
 * the first compiler makes of it.
 */
final class Flatness {
  private static final double TOLERANCE = 0.05;

  /** Below this share of a core a JIT has nothing left to do that would be worth waiting for. */
  static final double IDLE = 0.05;

  private static final int NEEDED = 2;

  private double last = Double.NaN;
  private int inARow;

  /**
   * Takes in one more stretch.
   *
   * @param compiling CPU of the JIT's compilers, as a share of one core
   */
  void add(double cpuMicros, double compiling) {
    boolean isFlat = Math.abs(cpuMicros - last) < TOLERANCE * last && compiling < IDLE;
    inARow = isFlat ? inARow + 1 : 0;
    last = cpuMicros;
  }

  boolean isReached() {
    return inARow >= NEEDED;
  }
}
