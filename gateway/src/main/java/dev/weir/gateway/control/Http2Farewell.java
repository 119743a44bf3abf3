package dev.weir.gateway.control;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the clients of HTTP/2 connections to open new ones, elsewhere, once this instance drains: a
 * GOAWAY that disowns no stream (RFC 9113 §6.8), so that what is on its way is served. HTTP/1.1
 * says the same with {@code Connection: close}.
 *
 * <p>A connection that a balancer sends here during the drain hears it with its first request, not
 * before: a client must not send anything after a GOAWAY, and would come back the same way.
 *
 * <p>Costs a connection one entry in a set, and a stream one read of a flag.
 */
final class Http2Farewell {
  private final Set<Watched> open = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;

  /** Follows a connection to its end. */
  void follow(Channel channel, Http2Connection connection) {
    Watched watched = new Watched(channel);
    open.add(watched);
    var _ = channel.closeFuture().addListener(closed -> open.remove(watched));
    connection.addListener(watched);
    if (leaving && connection.numActiveStreams() > 0) {
      watched.say();
    }
  }

  /** Tells those who are there now, and from now on whoever comes. */
  void begin() {
    leaving = true;
    for (Watched watched : open) {
      watched.channel.eventLoop().execute(watched::say);
    }
  }

  private final class Watched extends Http2ConnectionAdapter {
    private final Channel channel;
    // Confined to the channel's event loop.
    private boolean said;

    Watched(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onStreamActive(Http2Stream stream) {
      if (leaving && !said) {
        // Not within the frame that is being read: its answer must not find the connection closing.
        channel.eventLoop().execute(this::say);
      }
    }

    void say() {
      if (said || !channel.isActive()) {
        return;
      }
      said = true;
      DefaultHttp2GoAwayFrame goAway = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
      goAway.setExtraStreamIds(Integer.MAX_VALUE);
      var _ = channel.writeAndFlush(goAway);
    }
  }
}
