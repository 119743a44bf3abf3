package dev.weir.gateway.route;

import java.time.Duration;

/**
 * When an endpoint that fails requests is taken out of service, and for how long.
 *
 * @param consecutiveFailures failed attempts in a row that eject it; its breaker's opening does too
 * @param ejectFor the first time; doubled each time it falls again soon
 * @param maxEjectFor the longest time
 * @param maxEjected share of the upstream's endpoints that may be out at once, in (0, 1]
 */
public record EjectionPolicy(
    int consecutiveFailures, Duration ejectFor, Duration maxEjectFor, double maxEjected) {

  /** What an upstream gets that says nothing. */
  public static final EjectionPolicy STANDARD =
      new EjectionPolicy(5, Duration.ofSeconds(10), Duration.ofMinutes(5), 0.5);

  /** Checks the bounds. */
  public EjectionPolicy {
    if (consecutiveFailures < 1 || !(maxEjected > 0 && maxEjected <= 1)) {
      throw new IllegalArgumentException("need consecutiveFailures >= 1, maxEjected in (0, 1]");
    }
    if (ejectFor.toMillis() < 1 || maxEjectFor.compareTo(ejectFor) < 0) {
      throw new IllegalArgumentException("need 1ms <= ejectFor <= maxEjectFor");
    }
  }
}
