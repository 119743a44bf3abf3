package dev.weir.contenders.raw;

import dev.weir.contenders.Fields;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client connection, or one stream of it; takes one request after the other to the upstream.
 *
 * <p>What arrives while it cannot be passed on (no connection granted yet, or the next request of a
 * pipelining client) is held, and reading stops: no more than one read's worth gathers.
 */
final class Downstream extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private final String authority;
  private final String client;
  private final ArrayDeque<Object> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Upstream upstream;
  private boolean busy;
  private boolean requestSent;
  private boolean keepAlive;
  private boolean answered;
  private boolean http10;
  private @Nullable ChannelFuture lastWrite;

  Downstream(UpstreamPool pool, String authority, String client) {
    this.pool = pool;
    this.authority = authority;
    this.client = client;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return added;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    held.addLast(message);
    pump();
  }

  /** Passes on what can be; reading waits for the rest. */
  private void pump() {
    while (!held.isEmpty()) {
      if (!busy && held.peekFirst() instanceof HttpRequest request) {
        start(request);
      }
      Upstream present = upstream;
      if (present == null || requestSent) {
        readOn(false);
        return;
      }
      Object message = held.removeFirst();
      requestSent = message instanceof LastHttpContent;
      present.write(message);
    }
  }

  private void start(HttpRequest request) {
    busy = true;
    requestSent = false;
    answered = false;
    http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    keepAlive = HttpUtil.isKeepAlive(request);
    Fields.toUpstream(request.headers(), authority, client);
    request.setProtocolVersion(HttpVersion.HTTP_1_1);
    Upstream idle = pool.takeIdle();
    if (idle == null) {
      pool.connect(this);
      return;
    }
    upstream = idle;
    idle.serve(this);
  }

  /** Sends what was held for want of a connection. */
  void connected(Upstream fresh) {
    if (!context().channel().isActive()) {
      pool.giveBack(fresh);
      return;
    }
    upstream = fresh;
    fresh.serve(this);
    resume();
  }

  private void resume() {
    pump();
    Upstream present = upstream;
    if (present != null) {
      present.flush();
    }
    if (held.isEmpty()) {
      readOn(true);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Upstream present = upstream;
    if (present != null) {
      present.flush();
    }
  }

  boolean isRequestSent() {
    return requestSent;
  }

  void begin(HttpResponse response) {
    answered = true;
    Fields.toClient(response.headers());
    if (!response.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && !hasNoBody(response)) {
      frame(response);
    }
    if (!keepAlive || !requestSent) {
      keepAlive = false;
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (http10) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    response.setProtocolVersion(HttpVersion.HTTP_1_1);
    pass(response);
  }

  /** HTTP/1.0 has no chunks: there the end of the connection is the end of the body. */
  private void frame(HttpResponse response) {
    HttpUtil.setTransferEncodingChunked(response, !http10);
    keepAlive = keepAlive && !http10;
  }

  private static boolean hasNoBody(HttpResponse response) {
    int code = response.status().code();
    return code == HttpResponseStatus.NO_CONTENT.code()
        || code == HttpResponseStatus.NOT_MODIFIED.code();
  }

  void pass(Object message) {
    lastWrite = context().write(message);
  }

  void flush() {
    context().flush();
  }

  void readOn(boolean wanted) {
    context().channel().config().setAutoRead(wanted);
  }

  /** Ends the exchange; the next request that was held begins. */
  void end() {
    upstream = null;
    flush();
    if (!keepAlive) {
      closeAfter(lastWrite);
      return;
    }
    busy = false;
    resume();
  }

  private static void closeAfter(@Nullable ChannelFuture write) {
    if (write != null) {
      var _ = write.addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** Answers 502 where nothing was answered yet, else breaks the answer off. */
  void upstreamFailed() {
    upstream = null;
    releaseHeld();
    if (answered) {
      var _ = context().close();
      return;
    }
    var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY);
    answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = context().writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Upstream present = upstream;
    if (present != null) {
      present.readOn(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    releaseHeld();
    Upstream present = upstream;
    upstream = null;
    if (present != null) {
      present.abandon();
    }
  }

  private void releaseHeld() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
