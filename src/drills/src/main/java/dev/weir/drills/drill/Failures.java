package dev.weir.drills.drill;

import java.time.Duration;

/** What no client should ever see: no answer, half an answer, a status without a reason. */
final class Failures {
  private static final Duration EVER = Duration.ofDays(1);

  private Failures() {}

  static long of(Rehearsal run) {
    return run.timeline().between(Duration.ZERO, EVER).failed();
  }
}
