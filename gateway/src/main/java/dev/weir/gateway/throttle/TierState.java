package dev.weir.gateway.throttle;

/**
 * What one bucket says of one request.
 *
 * @param allowed whether this bucket had what the request weighs; it is taken only if every bucket
 *     had
 * @param remaining whole tokens left
 * @param waitMillis until there is one token more than {@code remaining}; of a refusal, until there
 *     is what the request weighs
 */
public record TierState(boolean allowed, long remaining, long waitMillis) {

  /** Tells nobody of less than nothing. */
  public TierState {
    remaining = Math.max(0, remaining);
  }

  /** Returns the wait in whole seconds, never too early and never none. */
  long waitSeconds() {
    return Math.max(1, (waitMillis + 999) / 1000);
  }
}
