package dev.weir.gateway.route;

import java.time.Duration;
import java.util.List;

/**
 * A named pool of endpoints that serve the same thing.
 *
 * @param maxConnections per endpoint, over all event loops of this instance
 * @param maxIdle an idle pooled connection is closed after this, before the peer would close it
 * @param selection which endpoint a request goes to
 */
public record Upstream(
    String name,
    List<Endpoint> endpoints,
    Duration connectTimeout,
    int maxConnections,
    Duration maxIdle,
    BreakerPolicy breaker,
    Selection selection) {

  /** Copies the endpoints, of which there is at least one. */
  public Upstream {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("an upstream needs an endpoint");
    }
  }

  /** Makes an upstream whose endpoints are chosen as if nothing were written about it. */
  public Upstream(
      String name,
      List<Endpoint> endpoints,
      Duration connectTimeout,
      int maxConnections,
      Duration maxIdle,
      BreakerPolicy breaker) {
    this(name, endpoints, connectTimeout, maxConnections, maxIdle, breaker, Selection.STANDARD);
  }
}
