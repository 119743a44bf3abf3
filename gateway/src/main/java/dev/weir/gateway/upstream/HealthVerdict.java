package dev.weir.gateway.upstream;

import dev.weir.gateway.route.HealthCheck;

/**
 * What the checks of one endpoint say so far.
 *
 * @param streak checks in a row that contradict it
 */
record HealthVerdict(boolean healthy, int streak) {
  /** An endpoint is well until its checks say otherwise: a start must not begin in panic. */
  static final HealthVerdict FIRST = new HealthVerdict(true, 0);

  /** Returns what they say after one more. */
  HealthVerdict after(boolean passed, HealthCheck policy) {
    if (passed == healthy) {
      return new HealthVerdict(healthy, 0);
    }
    int needed = healthy ? policy.unhealthyAfter() : policy.healthyAfter();
    return streak + 1 >= needed
        ? new HealthVerdict(passed, 0)
        : new HealthVerdict(healthy, streak + 1);
  }
}
