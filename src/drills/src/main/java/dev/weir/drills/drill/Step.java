package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.timeline.Mark;
import java.io.IOException;

/**
 * Something to do while the load goes on.
 *
 * @param share when, as a share of the run
 */
record Step(double share, Mark.Kind kind, String label, Act act) {
  /** What is done; it may take its time. */
  interface Act {
    void run() throws IOException, InterruptedException, UnfitException;
  }

  static Step breaks(double share, String label, Act act) {
    return new Step(share, Mark.Kind.BREAK, label, act);
  }

  static Step mends(double share, String label, Act act) {
    return new Step(share, Mark.Kind.MEND, label, act);
  }
}
