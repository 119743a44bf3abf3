package dev.weir.gateway.resilience;

import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;

/** What makes two breakers the same over a reload: equal keys keep their window and state. */
record BreakerKey(String upstream, Endpoint endpoint, BreakerPolicy policy) {}
