package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Optional;

/**
 * When an endpoint's breaker opens and how it closes again.
 *
 * @param failureRatio share of failed calls in the window that opens it, in (0, 1]
 * @param window number of last calls looked at, 1 to 10,000
 * @param minimumCalls calls before the ratio counts, 1 to window
 * @param openFor how long it refuses before it lets probes through
 * @param halfOpenCalls number of probes
 * @param slowCall a call that takes longer counts as failed
 */
public record BreakerPolicy(
    double failureRatio,
    int window,
    int minimumCalls,
    Duration openFor,
    int halfOpenCalls,
    Optional<Duration> slowCall) {

  /** What an upstream gets that says nothing. */
  public static final BreakerPolicy STANDARD =
      new BreakerPolicy(0.5, 20, 10, Duration.ofSeconds(5), 3, Optional.empty());

  /** Checks the bounds. */
  public BreakerPolicy {
    if (!(failureRatio > 0 && failureRatio <= 1)) {
      throw new IllegalArgumentException("failureRatio must be in (0, 1]: " + failureRatio);
    }
    if (window < 1 || window > 10_000 || minimumCalls < 1 || minimumCalls > window) {
      throw new IllegalArgumentException("need 1 <= minimumCalls <= window <= 10000");
    }
    if (halfOpenCalls < 1 || openFor.isNegative() || openFor.isZero()) {
      throw new IllegalArgumentException("need halfOpenCalls >= 1 and openFor > 0");
    }
  }
}
