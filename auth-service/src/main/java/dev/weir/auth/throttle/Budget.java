package dev.weir.auth.throttle;

/** One counter and its limit; the key holds digests only. */
public record Budget(String key, Limit limit) {}
