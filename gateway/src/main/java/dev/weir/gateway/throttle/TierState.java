package dev.weir.gateway.throttle;

/**
 * What one bucket says of one request.
 *
 * @param allowed whether this bucket had a token; it is taken only if every bucket had one
 * @param remaining whole tokens left
 * @param waitMillis until there is one token more than {@code remaining}
 */
public record TierState(boolean allowed, long remaining, long waitMillis) {

  /** Returns the wait in whole seconds, never too early and never none. */
  long waitSeconds() {
    return Math.max(1, (waitMillis + 999) / 1000);
  }
}
