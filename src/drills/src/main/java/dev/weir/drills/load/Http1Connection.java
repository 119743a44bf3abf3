package dev.weir.drills.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** One kept-alive HTTP/1.1 connection. It rests unless the peer said that it closes. */
final class Http1Connection extends SimpleChannelInboundHandler<HttpObject> {
  private final Http1Client owner;
  private final String authority;
  private final Answer answer = new Answer();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Pending pending;
  private boolean keepAlive;
  private long restsSince;

  Http1Connection(Http1Client owner, String authority) {
    this.owner = owner;
    this.authority = authority;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not connected");
    }
    return context;
  }

  void restFrom(long nanos) {
    restsSince = nanos;
  }

  long restsSince() {
    return restsSince;
  }

  void send(Pending next) {
    pending = next;
    answer.want(next.asked().isHeard());
    var _ = context().writeAndFlush(encode(next), context().voidPromise());
  }

  private FullHttpRequest encode(Pending next) {
    var call = next.call();
    var asked = next.asked();
    ByteBuf body =
        asked.body().isEmpty()
            ? Unpooled.EMPTY_BUFFER
            : ByteBufUtil.writeUtf8(context().alloc(), asked.body());
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.valueOf(call.method()), call.path(), body);
    var headers = request.headers();
    headers.set(HttpHeaderNames.HOST, authority);
    if (!asked.token().isEmpty()) {
      headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + asked.token());
    }
    if (body.isReadable()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    }
    if (!call.method().equals("GET")) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    }
    return request;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext reading, HttpObject message) {
    if (message instanceof HttpResponse head) {
      answer.head(head.status().code());
      keepAlive = HttpUtil.isKeepAlive(head);
    }
    if (message instanceof HttpContent content) {
      answer.part(content.content());
    }
    if (message instanceof LastHttpContent) {
      whole();
    }
  }

  private void whole() {
    var answered = pending;
    pending = null;
    if (answered == null) {
      close();
      return;
    }
    // Read first: a connection that rests may at once be given another request.
    var outcome = answer.outcome();
    var body = answer.body();
    if (keepAlive) {
      owner.rest(this);
    } else {
      close();
    }
    answered.ended(outcome, body);
  }

  void sweep(long nowNanos) {
    var late = pending;
    if (late != null && Client.isLate(late, nowNanos)) {
      pending = null;
      late.ended(Client.TIMED_OUT);
      close();
    }
  }

  void close() {
    if (context != null) {
      var _ = context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    owner.gone(this);
    var lost = pending;
    pending = null;
    if (lost != null) {
      lost.ended(Client.CLOSED);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    // What it carried is lost with it.
    var _ = failing.close();
  }
}
