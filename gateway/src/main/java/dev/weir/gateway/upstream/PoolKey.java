package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Upstream;

/** What makes two pools the same over a reload: equal keys keep their connections. */
record PoolKey(String upstream, Endpoint endpoint, PoolPolicy policy) {

  static PoolKey of(Upstream upstream, Endpoint endpoint) {
    return new PoolKey(upstream.name(), endpoint, upstream.pool());
  }
}
