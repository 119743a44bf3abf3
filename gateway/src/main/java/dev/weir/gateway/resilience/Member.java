package dev.weir.gateway.resilience;

/**
 * One endpoint of an upstream as its roster has it.
 *
 * @param healthy what its health checks say; true where there are none
 */
record Member(EndpointBreaker endpoint, boolean healthy) {

  static Member fresh(EndpointBreaker endpoint) {
    return new Member(endpoint, true);
  }

  Member health(boolean found) {
    return found == healthy ? this : new Member(endpoint, found);
  }

  boolean serves() {
    return healthy;
  }

  /** Returns the value of the state gauge. */
  int stateNumber() {
    return healthy ? 0 : 2;
  }
}
