package dev.weir.drills.stand;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Supplier;

/** Answers each request of a connection once a worker had time for it. */
final class Answering extends SimpleChannelInboundHandler<HttpObject> {
  private final Workers workers;
  private final Supplier<String> body;

  Answering(Workers workers, Supplier<String> body) {
    this.workers = workers;
    this.body = body;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext reading, HttpObject message) {
    if (message instanceof LastHttpContent) {
      workers.work(reading.channel().eventLoop(), () -> answer(reading));
    }
  }

  private void answer(ChannelHandlerContext reading) {
    // Who gave up waiting has closed the connection.
    if (reading.channel().isActive()) {
      var _ = reading.writeAndFlush(response(), reading.voidPromise());
    }
  }

  private FullHttpResponse response() {
    var content = Unpooled.wrappedBuffer(body.get().getBytes(UTF_8));
    var response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    var _ = failing.close();
  }
}
