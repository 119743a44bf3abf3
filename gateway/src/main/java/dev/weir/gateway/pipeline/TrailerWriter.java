package dev.weir.gateway.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Supplier;

/**
 * Puts the fields that an upstream sent behind its body behind the answer to an HTTP/2 client, as
 * gRPC needs it. Reactor Netty sends trailers too, but only such as the head announces by name,
 * which upstreams that speak HTTP/2 do not do.
 *
 * <p>Per answer that may have some: one handler on the client's stream, which goes with it.
 */
final class TrailerWriter extends ChannelOutboundHandlerAdapter {
  private final Supplier<HttpHeaders> trailers;

  private TrailerWriter(Supplier<HttpHeaders> trailers) {
    this.trailers = trailers;
  }

  /** Lets these follow what is sent on the client's stream. */
  static void follow(Channel stream, Supplier<HttpHeaders> trailers) {
    stream.pipeline().addLast(new TrailerWriter(trailers));
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    var _ = ctx.write(withTrailers(message), promise);
  }

  private Object withTrailers(Object message) {
    if (!(message instanceof LastHttpContent last) || message instanceof FullHttpMessage) {
      return message;
    }
    HttpHeaders fields = trailers.get();
    return fields.isEmpty() ? message : new DefaultLastHttpContent(last.content(), fields);
  }
}
