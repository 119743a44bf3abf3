package dev.weir.gateway.resilience;

import dev.weir.gateway.route.EjectionPolicy;

/**
 * Until when an endpoint is out of service for having failed requests, in the clock's milliseconds.
 *
 * @param until the end of its last ejection
 * @param forMillis how long that was; 0 for an endpoint that was never ejected
 */
record Ejection(long until, long forMillis) {
  static final Ejection NEVER = new Ejection(Long.MIN_VALUE, 0);

  boolean holds(long now) {
    return now < until;
  }

  /**
   * Returns the next one: twice as long as the last, unless the endpoint has been back for longer
   * than that would be, which makes it a first offender again.
   */
  Ejection next(long now, EjectionPolicy policy) {
    long first = policy.ejectFor().toMillis();
    long longer = Math.min(2 * forMillis, policy.maxEjectFor().toMillis());
    boolean again = forMillis > 0 && now - until <= longer;
    long length = again ? Math.max(first, longer) : first;
    return new Ejection(now + length, length);
  }
}
