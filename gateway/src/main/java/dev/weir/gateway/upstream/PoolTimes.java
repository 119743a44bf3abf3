package dev.weir.gateway.upstream;

import dev.weir.gateway.route.PoolPolicy;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The times of a policy in the ticks of a pool's one timer: a request reads no clock for them.
 *
 * @param idleTicks one less than fits: a connection goes up to a tick early, never late
 * @param stallTicks how long an answer may make no progress
 * @param pingMillis how long an answer to a PING may take
 */
record PoolTimes(long tickMillis, int idleTicks, int lifeTicks, int stallTicks, long pingMillis) {
  private static final long MAX_TICK_MILLIS = 1_000;
  private static final long MIN_TICK_MILLIS = 10;

  /** A peer is asked whether it is there after this share of the time that silence may last. */
  private static final int QUIET_SHARE = 3;

  private static final long MAX_PING_MILLIS = 10_000;

  static PoolTimes of(PoolPolicy policy) {
    long idle = policy.maxIdle().toMillis();
    long life = policy.maxLife().toMillis();
    long stall = policy.idleTimeout().toMillis();
    long tick =
        Math.clamp(Math.min(Math.min(idle, life), stall) / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    return new PoolTimes(
        tick,
        Math.clamp(idle / tick - 1, 1, Integer.MAX_VALUE),
        Math.clamp(life / tick, 2, Integer.MAX_VALUE),
        Math.clamp(stall / tick, 2, Integer.MAX_VALUE),
        Math.clamp(stall / QUIET_SHARE, 1, MAX_PING_MILLIS));
  }

  /** Returns how long a peer may be silent before it is asked whether it is there. */
  int quietTicks() {
    return Math.max(1, stallTicks / QUIET_SHARE);
  }

  /** Returns when a connection that begins now ends: those that began together do not. */
  int lastTickFrom(int now) {
    return now + lifeTicks - ThreadLocalRandom.current().nextInt(lifeTicks / 10 + 1);
  }
}
