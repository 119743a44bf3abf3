package dev.weir.gateway.route;

import java.time.Duration;

/**
 * How an endpoint is asked whether it is well.
 *
 * @param path asked for with GET; a 2xx says that it is
 * @param timeout of connecting and answering together, at most the interval
 * @param unhealthyAfter failed checks in a row that take it out of service
 * @param healthyAfter passed checks in a row that bring it back
 */
public record HealthCheck(
    String path, Duration interval, Duration timeout, int unhealthyAfter, int healthyAfter) {

  /** Checks the bounds. */
  public HealthCheck {
    if (timeout.compareTo(interval) > 0 || timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("need 0 < timeout <= interval");
    }
    if (unhealthyAfter < 1 || healthyAfter < 1) {
      throw new IllegalArgumentException("need at least one check for a verdict");
    }
  }
}
