package dev.weir.jmh.run;

/**
 * What an operation takes on one thread while it is alone, and while a second one does the same.
 */
record Scaling(double aloneNanos, double togetherNanos) {

  /** Returns the throughput of two threads over that of one. */
  double ratio() {
    return 2 * aloneNanos / togetherNanos;
  }
}
