package dev.weir.gateway.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Hears the frames that concern a shared connection as a whole, not one of its streams: what the
 * peer allows, that a stream has ended, that it says goodbye or breaks a rule. The last handler of
 * its pipeline; all requests of one turn of the loop go out in one flush.
 */
final class PeerFrames extends ChannelInboundHandlerAdapter {
  /** What all streams together may send before they hear from us. */
  private static final int WINDOW_BYTES = 1 << 20;

  /** What is asked for by default; a peer that offers more must not make us hold it. */
  private static final long MOST_TABLE_BYTES = Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE;

  private static final int FLUSHES_PER_TURN = 256;

  private final SharedConnection connection;
  private final StreamPool pool;
  private final Heartbeat heartbeat;
  private final Http2FrameCodec codec;
  private final FloodGuard guard;
  private boolean settled;

  PeerFrames(SharedConnection connection, Http2FrameCodec codec) {
    this.connection = connection;
    this.pool = connection.pool();
    this.heartbeat = connection.heartbeat();
    this.codec = codec;
    this.guard = new FloodGuard(codec.decoder().frameListener());
    codec.decoder().frameListener(guard);
    codec
        .connection()
        .addListener(
            new Http2ConnectionAdapter() {
              @Override
              public void onStreamClosed(Http2Stream stream) {
                pool.streamEnded(connection);
              }
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

  /** Begins a new count of frames without content, once a tick. */
  void forgive() {
    guard.forget();
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
      case Http2SettingsFrame settings -> allowed(ctx.channel(), settings.settings());
      case Http2GoAwayFrame goodbye -> {
        connection.farewell().because("the upstream went away: error " + goodbye.errorCode());
        connection.leave();
      }
      default -> {}
    }
    ReferenceCountUtil.release(frame);
  }

  private void allowed(Channel channel, Http2Settings settings) {
    boundTable(settings.headerTableSize());
    if (settled) {
      pool.settlement().wake();
      return;
    }
    settled = true;
    connection.begin(
        new Http2StreamChannelBootstrap(channel)
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new StreamReads()));
  }

  private void boundTable(@Nullable Long bytes) {
    if (bytes == null || bytes <= MOST_TABLE_BYTES) {
      return;
    }
    try {
      codec.encoder().configuration().headersConfiguration().maxHeaderTableSize(MOST_TABLE_BYTES);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (settled) {
      heartbeat.stop();
    }
    if (heartbeat.heard()) {
      pool.settlement().wake();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.fail(cause);
    if (!connection.farewell().isUnreadable()) {
      var _ = ctx.close();
    }
  }
}
