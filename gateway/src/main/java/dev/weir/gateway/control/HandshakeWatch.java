package dev.weir.gateway.control;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;

/**
 * Counts TLS handshakes that fail. They are no requests, so the access log cannot show them, and a
 * line each would be a scanner's to write.
 */
@Sharable
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private static final String NAME = "weir.handshakeWatch";

  private final Counter failed;

  HandshakeWatch(MeterRegistry meters) {
    this.failed = meters.counter(GatewayMetrics.TLS_HANDSHAKE_FAILURES);
  }

  /** Watches a connection that was just taken. */
  void watch(Channel channel) {
    if (channel.pipeline().context(NettyPipeline.SslHandler) != null) {
      channel.pipeline().addAfter(NettyPipeline.SslHandler, NAME, this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (!completion.isSuccess()) {
        failed.increment();
      }
      context.pipeline().remove(this);
    }
    context.fireUserEventTriggered(event);
  }
}
