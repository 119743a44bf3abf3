package dev.weir.auth.redis;

/** Redis cannot be asked now; stackless, because each caller has an answer to it. */
final class RedisUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisUnavailable() {
    super("redis unavailable", null, false, false);
  }
}
