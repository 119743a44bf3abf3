package dev.weir.gateway.config;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether what a request may depend on has been there once since the start: every issuer's keys,
 * and the live revocations. Stays true once it was: a dependency that fails later must not take
 * this instance's other routes out of service. For the same reason it gives up waiting after a
 * while; then routes of a missing issuer answer identity-unavailable, and the feed's gauge tells of
 * missing revocations.
 */
final class StartGate {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<Set<String>> missing;
  private final LongSupplier nanos;
  private final long started;
  private volatile boolean seen;

  StartGate(Supplier<Set<String>> missing, LongSupplier nanos) {
    this.missing = missing;
    this.nanos = nanos;
    this.started = nanos.getAsLong();
  }

  boolean isPassed() {
    if (!seen) {
      seen = stillMissing().isEmpty() || nanos.getAsLong() - started > PATIENCE.toNanos();
    }
    return seen;
  }

  Set<String> stillMissing() {
    return missing.get();
  }
}
