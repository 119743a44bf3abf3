package dev.weir.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2, whose streams carry a request each.
 *
 * <p>Per request: one stream of Netty's with its channel, pipeline and the two handlers in it. It
 * takes new ones once the peer has said what it allows, which {@link PeerFrames} hears, until there
 * is a reason for its {@link Farewell}; then it closes with its last stream. Confined to its pool's
 * loop.
 */
final class SharedConnection {
  /** As many as RFC 9113 §6.5.2 wants a server to take at least. */
  static final int MOST_STREAMS = 100;

  private final StreamPool pool;
  private final AsciiString scheme;
  private final Http2FrameCodec codec = FrameCodecs.client();
  private final Heartbeat heartbeat = new Heartbeat(this);
  private final Farewell farewell = new Farewell();
  private final PeerFrames frames;
  private @Nullable Channel channel;

  /** There once the peer has answered. */
  private @Nullable Http2StreamChannelBootstrap streams;

  private boolean leaving;
  private boolean served;
  private int restedAt;

  SharedConnection(StreamPool pool, AsciiString scheme) {
    this.pool = pool;
    this.scheme = scheme;
    this.frames = new PeerFrames(this, codec);
  }

  StreamPool pool() {
    return pool;
  }

  AsciiString scheme() {
    return scheme;
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  Farewell farewell() {
    return farewell;
  }

  @Nullable Channel channel() {
    return channel;
  }

  int active() {
    return codec.connection().local().numActiveStreams();
  }

  boolean isLeaving() {
    return leaving;
  }

  void addTo(ChannelPipeline pipeline) {
    frames.addTo(pipeline);
  }

  /** Tells the pool once the peer has answered, or has not for so long. */
  void awaitPeer(ChannelFuture opening, int millis) {
    Channel opened = opening.channel();
    channel = opened;
    opening.addListener(
        _ -> {
          if (!opening.isSuccess()) {
            pool.connectFailed(pool.authority() + ": " + opening.cause());
            return;
          }
          opened.closeFuture().addListener(_ -> closed());
          heartbeat.expect("SETTINGS in time", millis);
        });
  }

  /** Hears that the peer has answered: from now on it takes requests. */
  void begin(Http2StreamChannelBootstrap opener) {
    heartbeat.stop();
    streams = opener;
    pool.connected(this);
  }

  private void closed() {
    leaving = true;
    heartbeat.stop();
    if (streams != null) {
      pool.lost(this);
    } else {
      pool.connectFailed(pool.authority() + ": " + farewell.reason());
    }
  }

  boolean hasRoom() {
    Channel open = channel;
    return streams != null
        && !leaving
        && !heartbeat.isSuspect()
        && !codec.connection().goAwayReceived()
        && open != null
        && open.isActive()
        && active() < MOST_STREAMS
        && codec.connection().local().canOpenStream();
  }

  /** Gives the attempt a stream; false where it has to be asked again, from a new turn. */
  boolean carry(Attempt attempt) {
    Http2StreamChannelBootstrap opener = streams;
    if (opener == null) {
      return false;
    }
    Future<Http2StreamChannel> opening = opener.open();
    if (!opening.isSuccess()) {
      opening.addListener(_ -> drop(opening));
      return false;
    }
    StreamCodec reader = new StreamCodec(this);
    Connection stream = new Connection(pool, reader);
    if (served) {
      stream.markUsed();
    }
    served = true;
    opening.getNow().pipeline().addLast(reader, stream);
    pool.opened(stream);
    attempt.granted(stream);
    return true;
  }

  private static void drop(Future<Http2StreamChannel> opening) {
    if (opening.isSuccess()) {
      var _ = opening.getNow().close();
    }
  }

  void restAt(int tick) {
    restedAt = tick;
  }

  /** Hears that a stream is about to be reset, as nobody wants the rest of it. */
  void noteReset() {
    leaving |= farewell.countReset();
  }

  /** Hears that the peer breaks rules, or the connection itself breaks. */
  void fail(Throwable cause) {
    farewell.because(cause);
    leaving = true;
  }

  /** Takes no more requests, and closes with the last of them. */
  void leave() {
    leaving = true;
    closeIfDone();
  }

  void closeIfDone() {
    if (leaving && active() == 0) {
      close();
    }
  }

  void close() {
    leaving = true;
    Channel open = channel;
    if (open != null) {
      var _ = open.close();
    }
  }

  /** Does what time asks for. */
  void check(int tick, PoolTimes times) {
    frames.forgive();
    farewell.forgive();
    if (farewell.isDue(tick)) {
      leave();
    } else if (active() > 0) {
      heartbeat.check(tick, times.quietTicks());
    } else if (tick - restedAt >= times.idleTicks()) {
      close();
    }
  }
}
