package dev.weir.bench.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Answers each request of HTTP/2 with the same body. It shares a core with the load generator, so
 * there is no channel per stream and one flush for all that one read brought.
 */
final class Http2UpstreamHandler extends ChannelInboundHandlerAdapter {
  private final ByteBuf body;
  private final String length;

  Http2UpstreamHandler(ByteBuf body) {
    this.body = body;
    this.length = Integer.toString(body.readableBytes());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object frame) {
    if (frame instanceof Http2HeadersFrame head && head.isEndStream()) {
      var fields =
          new DefaultHttp2Headers(false)
              .status("200")
              .add("content-type", "application/json")
              .add("content-length", length);
      var _ = ctx.write(new DefaultHttp2HeadersFrame(fields).stream(head.stream()));
      var _ =
          ctx.write(
              new DefaultHttp2DataFrame(body.retainedDuplicate(), true).stream(head.stream()));
    }
    ReferenceCountUtil.release(frame);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A contender that is stopped resets its connections.
    var _ = ctx.close();
  }
}
