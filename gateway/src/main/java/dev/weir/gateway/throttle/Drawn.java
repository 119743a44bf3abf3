package dev.weir.gateway.throttle;

/**
 * What one bucket answers to a {@link Draw}.
 *
 * @param had whether it held what the request needs; taken only if every bucket of the call did
 * @param leased tokens that the lease grew by
 * @param remaining whole tokens left in the shared bucket; below zero where it is owed some
 * @param waitMillis until there is one token more than {@code remaining}
 */
public record Drawn(boolean had, long leased, long remaining, long waitMillis) {}
