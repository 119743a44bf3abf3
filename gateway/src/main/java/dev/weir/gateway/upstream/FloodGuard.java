package dev.weir.gateway.upstream;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Ends a connection whose peer sends frames that carry nothing: many in a short time cost both
 * sides work and no one a window. Frames of an unknown type go no further at all, as a stream that
 * is not read would keep them without a bound.
 */
final class FloodGuard extends Http2FrameListenerDecorator {
  /** Far beyond what keep-alive and the measuring of windows send. */
  static final int MOST = 1_000;

  private int seen;

  FloodGuard(Http2FrameListener listener) {
    super(listener);
  }

  /** Begins a new count. */
  void forget() {
    seen = 0;
  }

  private void count() throws Http2Exception {
    if (++seen > MOST) {
      throw Http2Exception.connectionError(ENHANCE_YOUR_CALM, "too many frames without content");
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    count();
    super.onSettingsRead(ctx, settings);
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    count();
    super.onPingRead(ctx, data);
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    count();
    super.onPingAckRead(ctx, data);
  }

  /** Priorities are for servers, and out of use (RFC 9113 §5.3.2). */
  @Override
  public void onPriorityRead(
      ChannelHandlerContext ctx, int streamId, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    count();
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext ctx, byte type, int streamId, Http2Flags flags, ByteBuf payload)
      throws Http2Exception {
    count();
  }
}
