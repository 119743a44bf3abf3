package dev.weir.gateway.resilience;

/**
 * Since when an endpoint has done nothing but refuse. Shared by all event loops; a good answer
 * writes it only where somebody was refused since the one before.
 */
final class RefusalRow {
  /** An endpoint that is merely full answers some in so much time. */
  private static final long LONG_MILLIS = 1_000;

  private static final long NONE = Long.MAX_VALUE;

  private volatile long since = NONE;

  /** Notes a refusal; returns whether there has been nothing else for long. */
  boolean note(long nowMillis) {
    long first = since;
    if (first == NONE) {
      since = nowMillis;
      return false;
    }
    return nowMillis - first >= LONG_MILLIS;
  }

  void end() {
    if (since != NONE) {
      since = NONE;
    }
  }
}
