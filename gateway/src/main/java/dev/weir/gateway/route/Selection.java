package dev.weir.gateway.route;

import java.util.Optional;

/**
 * Which of an upstream's endpoints a request goes to.
 *
 * @param balance how the load is spread over those in service
 * @param health takes out of service what does not answer well; absent: nothing is asked
 */
public record Selection(Balance balance, Optional<HealthCheck> health) {

  /** What an upstream gets that says nothing. */
  public static final Selection STANDARD = new Selection(Balance.STANDARD, Optional.empty());
}
