package dev.weir.drills.drill;

import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import java.util.List;
import java.util.function.Function;

/**
 * What happens in a drill that breaks one thing and mends it.
 *
 * @param judge told when the run is over
 */
record Scene(List<Lane> lanes, List<Step> steps, Function<Seen, List<Criterion>> judge) {
  /** When the thing breaks, as a share of the run. */
  static final double BREAK = 0.3;

  /** When it is mended. */
  static final double MEND = 0.6;
}
