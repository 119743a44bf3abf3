package dev.weir.gateway.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import java.util.function.Consumer;

/** Goes on with HTTP/2 once the peer has agreed on it by ALPN; else no byte of it is sent. */
final class Agreement extends ApplicationProtocolNegotiationHandler {
  private final Consumer<ChannelPipeline> agreed;
  private final Consumer<String> failed;

  /**
   * Waits for the end of the handshake.
   *
   * @param agreed adds what speaks HTTP/2
   * @param failed hears why there will be none, before the channel closes
   */
  Agreement(Consumer<ChannelPipeline> agreed, Consumer<String> failed) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.agreed = agreed;
    this.failed = failed;
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      agreed.accept(ctx.pipeline());
      return;
    }
    failed.accept("the peer does not agree on h2 by ALPN");
    var _ = ctx.close();
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    failed.accept(String.valueOf(cause));
    var _ = ctx.close();
  }
}
