package dev.weir.bench.ceiling;

/**
 * The clock that Redis counts by and the one that the judge counts by, at one moment. A step of the
 * wall clock brings or takes tokens, and would be seen here.
 */
record Clocks(long wallMillis, long nanos) {
  static Clocks now() {
    return new Clocks(System.currentTimeMillis(), System.nanoTime());
  }

  /** Returns by how many milliseconds the wall clock ran ahead. */
  long driftSince(Clocks earlier) {
    return wallMillis - earlier.wallMillis - (nanos - earlier.nanos) / 1_000_000;
  }
}
