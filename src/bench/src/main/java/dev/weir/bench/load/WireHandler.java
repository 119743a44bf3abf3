package dev.weir.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What both protocols share: who listens, flushing once per read, and noticing a broken end. */
abstract sealed class WireHandler extends ByteToMessageDecoder implements Wire
    permits Http1Wire, Http2Wire {
  private Listener listener = NOBODY;
  private @Nullable ChannelHandlerContext context;
  private @Nullable String brokenBy;
  private boolean closing;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public final void follow(Listener next) {
    listener = next;
    if (brokenBy != null) {
      next.broken(brokenBy);
    }
  }

  @Override
  public final void flush() {
    context().flush();
  }

  @Override
  public final void close() {
    closing = true;
    listener = NOBODY;
    var _ = context().close();
  }

  final ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not connected");
    }
    return context;
  }

  final void answered(int status, long dueNanos) {
    listener.answered(this, status, dueNanos);
  }

  final void broken(String reason) {
    if (brokenBy == null && !closing) {
      brokenBy = reason;
      listener.broken(reason);
      var _ = context().close();
    }
  }

  abstract void read(ByteBuf in);

  @Override
  protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    try {
      read(in);
    } catch (ProtocolException e) {
      in.skipBytes(in.readableBytes());
      broken(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    ctx.flush();
    super.channelReadComplete(ctx);
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      broken("TLS handshake: " + handshake.cause().getMessage());
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public final void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    broken("the peer closed a connection");
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(String.valueOf(cause));
  }
}
