package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Optional;

/**
 * Which of an upstream's endpoints a request goes to.
 *
 * @param balance how the load is spread over those in service
 * @param health takes out of service what does not answer well; absent: nothing is asked
 * @param ejection takes out of service for a while what fails requests
 * @param slowStart how long an endpoint that comes into service takes to its full share
 */
public record Selection(
    Balance balance, Optional<HealthCheck> health, EjectionPolicy ejection, Duration slowStart) {

  /** What an upstream gets that says nothing. */
  public static final Selection STANDARD =
      new Selection(
          Balance.STANDARD, Optional.empty(), EjectionPolicy.STANDARD, Duration.ofSeconds(30));

  /** Makes a selection whose rest is as if nothing were written about it. */
  public Selection(Balance balance, Optional<HealthCheck> health) {
    this(balance, health, STANDARD.ejection(), STANDARD.slowStart());
  }
}
