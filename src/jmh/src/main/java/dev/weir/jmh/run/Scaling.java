package dev.weir.jmh.run;

import java.util.List;

/**
 * What an operation takes on one thread while it is alone, and while a second one does the same.
 * Both are of the quietest of some short moments: whoever else uses the machine takes a core from
 * two threads sooner than from one, and so would be taken for contention.
 */
record Scaling(double aloneNanos, double togetherNanos) {

  /** Returns the quietest of several rounds. */
  static Scaling quietest(List<Scaling> rounds) {
    return new Scaling(
        rounds.stream().mapToDouble(Scaling::aloneNanos).min().orElseThrow(),
        rounds.stream().mapToDouble(Scaling::togetherNanos).min().orElseThrow());
  }

  /** Returns the throughput of two threads over that of one. */
  double ratio() {
    return 2 * aloneNanos / togetherNanos;
  }
}
