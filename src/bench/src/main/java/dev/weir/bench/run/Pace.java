package dev.weir.bench.run;

import java.time.Duration;

/**
 * How long everything takes.
 *
 * @param settle load before each measurement, so that connections and caches are as under load
 * @param chunk a stretch of warm-up whose CPU per request is compared with the one before
 * @param chunks at most so many: a JIT that shares the contender's one core takes half a minute
 */
record Pace(Duration settle, Duration closed, Duration open, Duration chunk, int chunks) {
  static final Pace FULL =
      new Pace(
          Duration.ofMillis(200),
          Duration.ofMillis(1500),
          Duration.ofMillis(2000),
          Duration.ofMillis(1000),
          40);
  static final Pace QUICK =
      new Pace(
          Duration.ofMillis(200),
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofMillis(1000),
          30);
}
