package dev.weir.auth.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that runs with the real one and can be pushed forward, so that no test waits for time to
 * pass.
 */
public final class MovableClock implements InstantSource {
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead.get()).truncatedTo(java.time.temporal.ChronoUnit.MICROS);
  }

  public void advance(Duration by) {
    ahead.updateAndGet(by::plus);
  }
}
