package dev.weir.gateway.redis;

import dev.weir.gateway.jwt.ProofLedger;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.throttle.BucketStore;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The process's link to Redis: one client, two connections (one that draws tokens, one that waits
 * for revocations, as a waiting read would hold up every draw behind it), three threads.
 *
 * <p>Starting never waits and never fails for lack of a server.
 */
public final class RedisLink implements AutoCloseable {
  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final RedisAccess access;
  private final RedisLine draws;
  private final RedisBuckets buckets;
  private final RedisRevocationFeed feed;

  /**
   * Dials.
   *
   * @param revocationPrefix before {@code rev:stream}, as WEIR_REVOCATION_PREFIX has it
   * @param revocations what the feed fills
   */
  public RedisLink(
      RedisSettings settings,
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
    this.access = RedisAccess.of(settings, resources);
    this.draws =
        new RedisLine(
            access.dial(RedisBuckets.PROBE_KEY),
            resources.eventExecutorGroup(),
            wire -> {},
            () -> {});
    this.buckets = new RedisBuckets(draws);
    this.feed =
        new RedisRevocationFeed(
            access, resources.eventExecutorGroup(), revocationPrefix, revocations, meters);
    draws.start();
    feed.start();
  }

  /** Returns the shared buckets. */
  public BucketStore buckets() {
    return buckets;
  }

  /** Returns the memory of proofs that all gateways share. */
  public ProofLedger proofs() {
    return new RedisProofs(draws);
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
    access.close();
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    timer.stop();
  }
}
