package dev.weir.gateway.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * A connection in use.
 *
 * @param owner is closed with it: of a cluster, the connections to all nodes
 * @param channel the one that carries the commands; its loss is the wire's
 */
record Wire(
    StatefulConnection<String, String> owner,
    StatefulConnection<String, String> channel,
    RedisClusterAsyncCommands<String, String> commands) {}
