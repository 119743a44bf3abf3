package dev.weir.gateway.route;

import java.time.Duration;

/**
 * How connections to an endpoint are kept.
 *
 * @param maxConnections per endpoint, over all event loops of this instance
 * @param maxIdle an idle pooled connection is closed after this, before the peer would close it
 * @param maxLife a connection is closed after this, a little earlier by chance, once it is idle
 * @param idleTimeout how long an answer that has begun, or a request's body, may make no progress
 * @param protocol what is spoken on them
 */
public record PoolPolicy(
    Duration connectTimeout,
    int maxConnections,
    Duration maxIdle,
    Duration maxLife,
    Duration idleTimeout,
    Protocol protocol) {

  /** What an upstream gets that says nothing. */
  public static final PoolPolicy STANDARD =
      new PoolPolicy(
          Duration.ofMillis(500),
          512,
          Duration.ofSeconds(20),
          Duration.ofMinutes(10),
          Duration.ofMinutes(1));

  /** Makes a policy of HTTP/1.1. */
  public PoolPolicy(
      Duration connectTimeout,
      int maxConnections,
      Duration maxIdle,
      Duration maxLife,
      Duration idleTimeout) {
    this(connectTimeout, maxConnections, maxIdle, maxLife, idleTimeout, Protocol.H1);
  }

  /** Checks that there may be a connection. */
  public PoolPolicy {
    if (maxConnections < 1) {
      throw new IllegalArgumentException("need maxConnections >= 1");
    }
  }
}
