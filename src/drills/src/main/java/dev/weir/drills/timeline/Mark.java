package dev.weir.drills.timeline;

import java.time.Duration;

/** A moment of the run at which something was done to what is drilled. */
public record Mark(Duration at, Kind kind, String label) {
  /** What it did. */
  public enum Kind {
    BREAK,
    MEND,
    STEP
  }
}
