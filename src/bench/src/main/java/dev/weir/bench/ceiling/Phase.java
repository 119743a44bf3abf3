package dev.weir.bench.ceiling;

import java.util.List;

/**
 * A part of the run.
 *
 * @param from where it begins, as a share of the run
 * @param load of all callers together, as a share of what {@link Options} offer; 0 is a pause
 * @param turn by how many places the gateways' unequal shares are turned
 */
record Phase(String name, double from, double to, double load, int turn) {
  // Unequal, and turned now and then: a limit that is divided among gateways would show here.
  private static final int[] WEIGHTS = {6, 3, 1};

  /** Above the limit, shares turned midway; a pause; below the limit; above it again. */
  static List<Phase> plan(Options options) {
    double below = Math.min(1, options.limit() / 2.0 / options.offered());
    return List.of(
        new Phase("above the limit", 0, 0.3, 1, 0),
        new Phase("shares turned", 0.3, 0.6, 1, 1),
        new Phase("pause", 0.6, 0.65, 0, 1),
        new Phase("below the limit", 0.65, 0.8, below, 0),
        new Phase("above it again", 0.8, 1, 1, 2));
  }

  /** Returns requests per second for one of the gateways. */
  double rate(Options options, int gateway) {
    int sum = 0;
    for (int i = 0; i < options.gateways(); i++) {
      sum += weight(i, options.gateways());
    }
    return options.offered() * load * weight(gateway, options.gateways()) / sum;
  }

  private int weight(int gateway, int gateways) {
    return WEIGHTS[(gateway + turn) % gateways % WEIGHTS.length];
  }

  /** Returns how many requests it is meant to offer. */
  double planned(Options options) {
    return options.offered() * load * (to - from) * options.length().toSeconds();
  }

  /** Returns whether more is offered than the limit allows. */
  boolean exceeds(Options options) {
    return options.offered() * load > options.limit();
  }

  /** Returns whether something is offered, and less than the limit allows. */
  boolean isBelow(Options options) {
    return load > 0 && options.offered() * load < options.limit();
  }

  long fromNanos(Options options) {
    return (long) (from * options.length().toNanos());
  }

  long toNanos(Options options) {
    return (long) (to * options.length().toNanos());
  }
}
