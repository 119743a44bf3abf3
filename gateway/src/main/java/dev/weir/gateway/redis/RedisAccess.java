package dev.weir.gateway.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import io.netty.handler.ssl.OpenSsl;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The client that the settings ask for, and the dials it makes. */
final class RedisAccess implements AutoCloseable {
  private static final int PENDING_BOUND = 10_000;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** A view of the cluster is read so often at most, whatever is moved meanwhile. */
  private static final Duration REFRESH_PAUSE = Duration.ofMillis(500);

  private final AbstractRedisClient client;
  private final List<Credentials> credentials;
  private final Function<String, Dial> dials;

  private RedisAccess(
      AbstractRedisClient client, List<Credentials> credentials, Function<String, Dial> dials) {
    this.client = client;
    this.credentials = credentials;
    this.dials = dials;
  }

  static RedisAccess of(RedisSettings settings, ClientResources resources) {
    RedisAddresses addresses = RedisAddresses.of(settings);
    return switch (settings.mode()) {
      case STANDALONE, SENTINEL -> toServer(settings, resources, addresses);
      case CLUSTER -> toCluster(settings, resources, addresses);
    };
  }

  private static RedisAccess toServer(
      RedisSettings settings, ClientResources resources, RedisAddresses addresses) {
    RedisURI uri = addresses.uris().getFirst();
    RedisClient client = new AsyncClient(resources);
    client.setOptions(fill(ClientOptions.builder(), settings).build());
    return new RedisAccess(client, addresses.credentials(), key -> new Dial.ToServer(client, uri));
  }

  private static RedisAccess toCluster(
      RedisSettings settings, ClientResources resources, RedisAddresses addresses) {
    RedisClusterClient client = RedisClusterClient.create(resources, addresses.uris());
    ClusterClientOptions.Builder options = ClusterClientOptions.builder();
    fill(options, settings);
    client.setOptions(
        options
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .adaptiveRefreshTriggersTimeout(REFRESH_PAUSE)
                    .build())
            .build());
    return new RedisAccess(client, addresses.credentials(), key -> new Dial.ToCluster(client, key));
  }

  private static ClientOptions.Builder fill(ClientOptions.Builder options, RedisSettings settings) {
    return options
        .sslOptions(tls(settings))
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(PENDING_BOUND)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .timeoutOptions(
            TimeoutOptions.builder()
                .timeoutCommands()
                .timeoutSource(new CommandTimeouts(settings.drawTimeout()))
                .build())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .keepAlive(
                    SocketOptions.KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(1))
                        .count(3)
                        .build())
                .tcpNoDelay(true)
                .build());
  }

  /** As at the edge: the JDK's engine would read random bytes from a file on an event loop. */
  private static SslOptions tls(RedisSettings settings) {
    SslOptions.Builder options = SslOptions.builder();
    if (OpenSsl.isAvailable()) {
      options.openSslProvider();
    }
    settings.authorities().map(Authorities::read).ifPresent(options::trustManager);
    return options.build();
  }

  /** Returns what connects to the server in charge of a key. */
  Dial dial(String key) {
    Dial dial = dials.apply(key);
    return credentials.isEmpty() ? dial : new Dial.LoggingIn(credentials, dial);
  }

  /**
   * Closes within two seconds. A client of a cluster that is failing over may never be told that
   * its connections are closed, and a drain has an end.
   */
  @Override
  public void close() {
    var _ =
        client
            .shutdownAsync(0, 1, TimeUnit.SECONDS)
            .handle((closed, failure) -> failure == null)
            .completeOnTimeout(false, 2, TimeUnit.SECONDS)
            .join();
  }
}
