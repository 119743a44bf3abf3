package dev.weir.gateway.resilience;

/**
 * One endpoint of an upstream as its roster has it.
 *
 * @param healthy what its health checks say; true where there are none
 * @param ejected whether it is out of service; the ejection holds no longer once that is noted
 */
record Member(EndpointBreaker endpoint, boolean healthy, boolean ejected, Ejection ejection) {

  static Member fresh(EndpointBreaker endpoint) {
    return new Member(endpoint, true, false, Ejection.NEVER);
  }

  Member health(boolean found) {
    return found == healthy ? this : new Member(endpoint, found, ejected, ejection);
  }

  Member eject(Ejection next) {
    return new Member(endpoint, healthy, true, next);
  }

  /** Returns it as it is at this time. */
  Member at(long now) {
    return ejected && !ejection.holds(now) ? new Member(endpoint, healthy, false, ejection) : this;
  }

  boolean serves() {
    return healthy && !ejected;
  }

  /** Returns the value of the state gauge. */
  int stateNumber() {
    if (!healthy) {
      return 2;
    }
    return ejected ? 1 : 0;
  }
}
