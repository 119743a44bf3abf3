package dev.weir.bench.run;

import java.time.Duration;

/**
 * How long everything takes.
 *
 * @param settle load before each measurement, so that connections and caches are as under load
 * @param chunk a stretch of warm-up whose CPU per request is compared with the one before
 * @param chunks at most so many; a JIT that is left alone between them is mostly through after
 *     seven to fifteen, that of the full chain over HTTP/1.1 was not after 25
 * @param nativeChunks at most so many where there is no JIT: only caches have to be warm
 */
record Pace(
    Duration settle, Duration closed, Duration open, Duration chunk, int chunks, int nativeChunks) {
  static final Pace FULL =
      new Pace(
          Duration.ofMillis(150),
          Duration.ofMillis(1200),
          Duration.ofMillis(1200),
          Duration.ofMillis(500),
          25,
          2);
  static final Pace QUICK =
      new Pace(
          Duration.ofMillis(200),
          Duration.ofMillis(1500),
          Duration.ofMillis(1500),
          Duration.ofMillis(500),
          20,
          2);
}
