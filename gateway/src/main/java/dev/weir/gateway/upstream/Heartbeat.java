package dev.weir.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the peer of a shared connection is still there. Requests with a time-out of
 * their own do not: each would give up its stream and leave the dead connection to the next.
 */
final class Heartbeat {
  /** Ever rarer: servers of gRPC hang up on whom they find asking too often. */
  private static final int MOST_DOUBLINGS = 8;

  private final SharedConnection connection;
  private @Nullable Future<?> timer;
  private boolean suspect;
  private int heardAt;
  private int reads;
  private int pings;

  Heartbeat(SharedConnection connection) {
    this.connection = connection;
  }

  /** Closes the connection unless {@link #stop} comes in time. */
  void expect(String what, long millis) {
    timer =
        connection
            .pool()
            .loop()
            .schedule(() -> giveUp("no " + what), millis, TimeUnit.MILLISECONDS);
  }

  /** Closes it, whatever it carries. */
  private void giveUp(String reason) {
    connection.farewell().because(reason);
    connection.close();
  }

  void stop() {
    Future<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  /** Notes a burst of anything; returns whether that lifts a suspicion. */
  boolean heard() {
    boolean cleared = suspect;
    suspect = false;
    reads++;
    heardAt = connection.pool().tick();
    return cleared;
  }

  /** Notes that a stream was sent something, which is more than an answer to PING. */
  void noteFrame() {
    pings = 0;
  }

  /** Returns how many bursts have arrived. */
  int reads() {
    return reads;
  }

  boolean isSuspect() {
    return suspect;
  }

  /** Asks now, and lets no new request begin until anything comes. */
  void suspect() {
    suspect = true;
    ask();
  }

  /** Asks where nothing has come for so long. */
  void check(int tick, int quietTicks) {
    if (tick - heardAt >= quietTicks << Math.min(pings, MOST_DOUBLINGS)) {
      pings++;
      ask();
    }
  }

  private void ask() {
    Channel channel = connection.channel();
    if (timer == null && channel != null) {
      var _ = channel.writeAndFlush(new DefaultHttp2PingFrame(0));
      expect("answer to PING", connection.pool().times().pingMillis());
    }
  }
}
