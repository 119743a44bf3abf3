package dev.weir.drills.load;

import dev.weir.drills.timeline.Timeline;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A stretch of load.
 *
 * @param beginNanos the moment that the timeline counts from
 * @param length how long requests are due at most, from when it is started
 * @param enough whether nothing more is due, asked for each request
 */
public record Offering(
    Timeline timeline, long beginNanos, Duration length, BooleanSupplier enough) {

  /** For the whole length. */
  public Offering(Timeline timeline, long beginNanos, Duration length) {
    this(timeline, beginNanos, length, () -> false);
  }
}
