package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;

/** What makes two pools the same over a reload: equal keys keep their connections. */
record PoolKey(
    String upstream,
    Endpoint endpoint,
    Duration connectTimeout,
    int maxConnections,
    Duration maxIdle) {

  static PoolKey of(Upstream upstream, Endpoint endpoint) {
    return new PoolKey(
        upstream.name(),
        endpoint,
        upstream.connectTimeout(),
        upstream.maxConnections(),
        upstream.maxIdle());
  }
}
