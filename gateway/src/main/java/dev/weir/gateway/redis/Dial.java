package dev.weir.gateway.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Connects to whoever is in charge of a key now, and asks anew each time who that is. */
sealed interface Dial {
  CompletionStage<Wire> dial();

  /** The server of a URI, or the one that Sentinel names. */
  record ToServer(RedisClient client, RedisURI uri) implements Dial {
    @Override
    public CompletionStage<Wire> dial() {
      return client.connectAsync(StringCodec.UTF8, uri).thenApply(ToServer::wire);
    }

    private static Wire wire(StatefulRedisConnection<String, String> connection) {
      return new Wire(connection, connection, connection.async());
    }
  }

  /**
   * The master of the key's slot. Lettuce reads the cluster's view, and follows MOVED and ASK on
   * the connection that this makes.
   */
  record ToCluster(RedisClusterClient client, String key) implements Dial {
    @Override
    public CompletionStage<Wire> dial() {
      return client
          .refreshPartitionsAsync()
          .thenCompose(read -> client.connectAsync(StringCodec.UTF8))
          .thenCompose(this::toMaster);
    }

    private CompletionStage<Wire> toMaster(StatefulRedisClusterConnection<String, String> cluster) {
      return master(cluster)
          .thenApply(channel -> new Wire(cluster, channel, cluster.async()))
          .whenComplete((wire, failure) -> closeWithout(wire, cluster));
    }

    private CompletionStage<StatefulRedisConnection<String, String>> master(
        StatefulRedisClusterConnection<String, String> cluster) {
      RedisClusterNode master = cluster.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
      return master == null
          ? CompletableFuture.failedFuture(
              new RedisConnectionException("the cluster has no master for the slot"))
          : cluster.getConnectionAsync(master.getUri().getHost(), master.getUri().getPort());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of what nobody has
    private static void closeWithout(
        @Nullable Wire wire, StatefulRedisClusterConnection<String, String> cluster) {
      if (wire == null) {
        cluster.closeAsync();
      }
    }
  }

  /** Reads the passwords first, where that may block. */
  record LoggingIn(List<Credentials> credentials, Dial then) implements Dial {
    @Override
    public CompletionStage<Wire> dial() {
      return Mono.fromRunnable(this::read)
          .subscribeOn(Schedulers.boundedElastic())
          .toFuture()
          .thenCompose(read -> then.dial());
    }

    private void read() {
      credentials.forEach(Credentials::read);
    }
  }
}
