package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection of HTTP/2, whose streams carry a request each: the last handler of its pipeline.
 *
 * <p>Per request: one stream of Netty's with its channel, pipeline and the two handlers in it. All
 * requests of one turn of the loop go out in one flush. It takes new ones once the peer's SETTINGS
 * have come, until its life is over, the peer says goodbye or breaks a rule; then it closes with
 * its last stream. Confined to its pool's loop.
 */
final class SharedConnection extends ChannelInboundHandlerAdapter {
  /** As many as RFC 9113 §6.5.2 wants a server to take at least. */
  static final int MOST_STREAMS = 100;

  /** What all streams together may send before they hear from us. */
  private static final int WINDOW_BYTES = 1 << 20;

  /** What is asked for by default; a peer that offers more must not make us hold it. */
  private static final long MOST_TABLE_BYTES = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

  private static final int FLUSHES_PER_TURN = 256;

  /**
   * A peer may close a connection on which many streams are reset (CVE-2023-44487), and all its
   * others with it; Netty's own server does from 200 in half a minute. Half of that ends ours
   * first, and gently.
   */
  static final int MOST_RESETS = 100;

  /** What time-outs and hedges abandon now and then is no flood: so many are forgiven in a tick. */
  private static final int FORGIVEN = 3;

  private final StreamPool pool;
  private final AsciiString scheme;
  private final Http2FrameCodec codec = FrameCodecs.client();
  private final FloodGuard guard;
  private final Heartbeat heartbeat = new Heartbeat(this);
  private @Nullable Channel channel;
  private @Nullable Http2StreamChannelBootstrap streams;
  private String failure = "closed by the upstream";
  private boolean unreadable;
  private boolean ready;
  private boolean leaving;
  private boolean served;
  private int resets;
  private int lastTick;
  private int restedAt;

  SharedConnection(StreamPool pool, Endpoint.Scheme scheme) {
    this.pool = pool;
    this.scheme =
        scheme == Endpoint.Scheme.HTTPS ? HttpScheme.HTTPS.name() : HttpScheme.HTTP.name();
    this.guard = new FloodGuard(codec.decoder().frameListener());
    codec.decoder().frameListener(guard);
    codec
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(Http2Stream stream) {
                pool.streamEnded(SharedConnection.this);
              }
            });
  }

  StreamPool pool() {
    return pool;
  }

  AsciiString scheme() {
    return scheme;
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

  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(
        new FlushConsolidationHandler(FLUSHES_PER_TURN, true),
        codec,
        new Http2MultiplexHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel pushed) {
                throw new IllegalStateException("push is off");
              }
            }),
        this);
  }

  /** Notes why it is about to close. */
  void noteFailure(String reason) {
    failure = reason;
  }

  String failure() {
    return failure;
  }

  /** Returns whether it closes because the peer does not keep to HTTP/2. */
  boolean isUnreadable() {
    return unreadable;
  }

  Heartbeat heartbeat() {
    return heartbeat;
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

  boolean hasRoom() {
    Channel open = channel;
    return ready
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
    Future<Http2StreamChannel> opening = opener == null ? null : opener.open();
    if (opening == null || !opening.isSuccess()) {
      if (opening != null) {
        opening.addListener(_ -> drop(opening));
      }
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

  void liveUntil(int tick) {
    lastTick = tick;
  }

  void restAt(int tick) {
    restedAt = tick;
  }

  /** Hears that a stream is about to be reset, as nobody wants the rest of it. */
  void noteReset() {
    if (++resets >= MOST_RESETS) {
      leaving = true;
    }
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

  /** Closes it, whatever it carries, for this reason. */
  void close(String reason) {
    failure = reason;
    close();
  }

  /** Does what time asks for. */
  void check(int tick, int idleTicks, int quietTicks) {
    guard.forget();
    resets = Math.max(0, resets - FORGIVEN);
    if (tick - lastTick >= 0) {
      leave();
    } else if (active() == 0) {
      if (tick - restedAt >= idleTicks) {
        close();
      }
    } else {
      heartbeat.check(tick, quietTicks);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
      int more = WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
      var _ = ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    switch (frame) {
      case Http2SettingsFrame settings -> settled(ctx, settings);
      case Http2GoAwayFrame goodbye -> {
        failure = "the upstream went away: error " + goodbye.errorCode();
        leave();
      }
      default -> {}
    }
    ReferenceCountUtil.release(frame);
  }

  private void settled(ChannelHandlerContext ctx, Http2SettingsFrame frame) {
    Long table = frame.settings().headerTableSize();
    if (table != null && table > MOST_TABLE_BYTES) {
      try {
        codec.encoder().configuration().headersConfiguration().maxHeaderTableSize(MOST_TABLE_BYTES);
      } catch (Http2Exception e) {
        throw new IllegalStateException(e);
      }
    }
    if (ready) {
      pool.settle();
      return;
    }
    ready = true;
    heartbeat.stop();
    streams =
        new Http2StreamChannelBootstrap(ctx.channel())
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new StreamReads());
    pool.connected(this);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (ready) {
      heartbeat.stop();
    }
    if (heartbeat.heard()) {
      pool.settle();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    unreadable = Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null;
    failure = String.valueOf(cause.getMessage());
    leaving = true;
    if (!unreadable) {
      var _ = ctx.close();
    }
  }

  private void closed() {
    leaving = true;
    heartbeat.stop();
    if (ready) {
      pool.lost(this);
    } else {
      pool.connectFailed(pool.authority() + ": " + failure);
    }
  }
}
