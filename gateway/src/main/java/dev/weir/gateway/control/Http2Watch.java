package dev.weir.gateway.control;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import java.util.concurrent.TimeUnit;

/**
 * Closes an HTTP/2 connection that has had no stream for the idle time-out, whatever else its
 * client sends: a connection kept by PING alone, or by a head that trickles in and never becomes a
 * stream, is idle. Looks four times in that time-out and costs a request nothing.
 */
final class Http2Watch implements Runnable {
  private static final int LOOKS = 4;

  private final Channel channel;
  private final Http2Connection connection;
  private final long idleNanos;
  private final Counter closed;
  private long idleSince = System.nanoTime();
  private int lastStream;

  Http2Watch(Channel channel, Http2Connection connection, long idleNanos, Counter closed) {
    this.channel = channel;
    this.connection = connection;
    this.idleNanos = idleNanos;
    this.closed = closed;
  }

  void start() {
    long period = Math.max(1, idleNanos / LOOKS);
    var _ = channel.eventLoop().schedule(this, period, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    if (!channel.isActive()) {
      return;
    }
    long now = System.nanoTime();
    int newest = connection.remote().lastStreamCreated();
    if (connection.numActiveStreams() > 0 || newest != lastStream) {
      lastStream = newest;
      idleSince = now;
    } else if (now - idleSince >= idleNanos) {
      closed.increment();
      var _ = channel.close();
      return;
    }
    start();
  }
}
