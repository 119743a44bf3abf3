package dev.weir.gateway.throttle;

/**
 * What one instance knows of the store, and what becomes of that.
 *
 * @param count failures in a row, or good probes while it is lost
 */
record StoreState(Phase phase, int count) {
  /** How far the store is in use. */
  enum Phase {
    /** All draw from it. */
    SHARED,
    /** Nobody here asks it, but probes. */
    LOST,
    /** It is back here, and perhaps not yet everywhere. */
    RETURNING
  }

  static final StoreState SHARED = new StoreState(Phase.SHARED, 0);
  private static final StoreState LOST = new StoreState(Phase.LOST, 0);
  private static final StoreState RETURNING = new StoreState(Phase.RETURNING, 0);

  private static final int FAILURES_TO_LOSE = 3;
  private static final int PROBES_TO_RETURN = 2;

  boolean up() {
    return phase != Phase.LOST;
  }

  StoreState failed() {
    return !up() || count + 1 >= FAILURES_TO_LOSE ? LOST : new StoreState(phase, count + 1);
  }

  StoreState succeeded() {
    return up() ? new StoreState(phase, 0) : this;
  }

  StoreState probed() {
    if (up()) {
      return this;
    }
    return count + 1 >= PROBES_TO_RETURN ? RETURNING : new StoreState(Phase.LOST, count + 1);
  }

  StoreState reunited() {
    return phase == Phase.RETURNING ? new StoreState(Phase.SHARED, count) : this;
  }
}
