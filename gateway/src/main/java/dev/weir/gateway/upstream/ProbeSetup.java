package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;

/** Lets a {@link HealthProbe} speak what requests to the endpoint speak. */
final class ProbeSetup extends ChannelInitializer<SocketChannel> {
  private final EndpointCheck.Key key;
  private final Connector.Wiring wiring;
  private final HealthProbe probe;
  private final int timeoutMillis;

  ProbeSetup(EndpointCheck.Key key, Connector.Wiring wiring, HealthProbe probe, int timeoutMillis) {
    this.key = key;
    this.wiring = wiring;
    this.probe = probe;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    boolean tls = key.endpoint().scheme() == Endpoint.Scheme.HTTPS;
    if (key.protocol().isMultiplexed()) {
      if (tls) {
        channel
            .pipeline()
            .addLast(
                Connector.tls(channel, key.endpoint(), wiring.http2Tls(), timeoutMillis),
                new Agreement(this::multiplex, _ -> probe.unreachable()));
      } else {
        multiplex(channel.pipeline());
      }
      return;
    }
    if (tls) {
      channel
          .pipeline()
          .addLast(Connector.tls(channel, key.endpoint(), wiring.tls(), timeoutMillis));
    }
    channel.pipeline().addLast(new HttpClientCodec(), probe);
  }

  /** One request of a connection: here Netty's own codec, which costs more, is simple enough. */
  private void multiplex(ChannelPipeline pipeline) {
    pipeline.addLast(
        FrameCodecs.client(),
        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
        new FirstStream());
  }

  /** Asks on a stream as soon as the peer has shown that it speaks HTTP/2. */
  private final class FirstStream extends ChannelInboundHandlerAdapter {
    private boolean asked;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2SettingsFrame && !asked) {
        asked = true;
        var _ =
            new Http2StreamChannelBootstrap(ctx.channel())
                .handler(
                    new ChannelInitializer<>() {
                      @Override
                      protected void initChannel(Channel stream) {
                        stream
                            .pipeline()
                            .addLast(new Http2StreamFrameToHttpObjectCodec(false), probe);
                      }
                    })
                .open();
      }
      ReferenceCountUtil.release(frame);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      probe.unreachable();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      probe.unreachable();
    }
  }
}
