package dev.weir.gateway.redis;

import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.throttle.BucketStore;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The process's link to Redis: one client, two connections (one that draws tokens, one that waits
 * for revocations, as a waiting read would hold up every draw behind it), three threads.
 *
 * <p>Starting never waits and never fails for lack of a server.
 */
public final class RedisLink implements AutoCloseable {
  private static final int PENDING_BOUND = 10_000;

  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final RedisClient client;
  private final RedisLine draws;
  private final RedisBuckets buckets;
  private final RedisRevocationFeed feed;

  /**
   * Dials.
   *
   * @param uri {@code redis://} or {@code rediss://}, as WEIR_REDIS_URI has it
   * @param commandTimeout how long a draw may take before its limit does its on-redis-loss
   * @param revocationPrefix before {@code rev:stream}, as WEIR_REVOCATION_PREFIX has it
   * @param revocations what the feed fills
   */
  public RedisLink(
      String uri,
      Duration commandTimeout,
      String revocationPrefix,
      RevocationSet revocations,
      MeterRegistry meters) {
    // Lettuce's own timer ticks every 100 ms, which is twice the usual command timeout.
    this.timer =
        new HashedWheelTimer(
            new DefaultThreadFactory("weir-redis-timer", true), 10, TimeUnit.MILLISECONDS);
    this.resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .timer(timer)
            .build();
    this.client = new AsyncClient(resources);
    client.setOptions(options());
    RedisURI address = RedisURI.create(uri);
    this.draws =
        new RedisLine(
            client,
            address,
            commandTimeout,
            resources.eventExecutorGroup(),
            connection -> {},
            () -> {});
    this.buckets = new RedisBuckets(draws);
    this.feed =
        new RedisRevocationFeed(
            client, address, resources.eventExecutorGroup(), revocationPrefix, revocations, meters);
    draws.start();
    feed.start();
  }

  private static ClientOptions options() {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(PENDING_BOUND)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands().connectionTimeout().build())
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(Duration.ofSeconds(1))
                .keepAlive(
                    SocketOptions.KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(1))
                        .count(3)
                        .build())
                .tcpNoDelay(true)
                .build())
        .build();
  }

  /** Returns the shared buckets. */
  public BucketStore buckets() {
    return buckets;
  }

  /** Returns whether every live revocation has been read at least once since the start. */
  public boolean revocationsRead() {
    return feed.hasRead();
  }

  /** Returns whether the revocation feed is followed now. */
  public boolean revocationsFollowed() {
    return feed.isFollowed();
  }

  /** Closes within a second or so; waits for nothing that Redis owes. */
  @Override
  public void close() {
    feed.close();
    draws.close();
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    timer.stop();
  }
}
