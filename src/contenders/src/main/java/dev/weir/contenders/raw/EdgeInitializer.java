package dev.weir.contenders.raw;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerExpectContinueHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;

/** Builds the pipeline of a client's connection: TLS, then what ALPN chose. */
final class EdgeInitializer extends ChannelInitializer<Channel> {
  private static final int MAX_CONCURRENT_STREAMS = 256;

  private final SslContext tls;
  private final UpstreamPool pool;
  private final String authority;

  EdgeInitializer(SslContext tls, UpstreamPool pool, String authority) {
    this.tls = tls;
    this.pool = pool;
    this.authority = authority;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Negotiated());
  }

  private ChannelHandler proxy(Channel connection) {
    String client = ((InetSocketAddress) connection.remoteAddress()).getHostString();
    return new Downstream(pool, authority, client);
  }

  private final class Negotiated extends ApplicationProtocolNegotiationHandler {
    Negotiated() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      ChannelPipeline pipeline = context.pipeline();
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        pipeline.addLast(
            Http2FrameCodecBuilder.forServer()
                .initialSettings(
                    Http2Settings.defaultSettings().maxConcurrentStreams(MAX_CONCURRENT_STREAMS))
                .build(),
            new Http2MultiplexHandler(new StreamInitializer(context.channel())));
        return;
      }
      pipeline.addLast(
          new HttpServerCodec(), new HttpServerExpectContinueHandler(), proxy(context.channel()));
    }
  }

  /** One HTTP/2 stream looks like an HTTP/1.1 connection with one request. */
  private final class StreamInitializer extends ChannelInitializer<Channel> {
    private final Channel connection;

    StreamInitializer(Channel connection) {
      this.connection = connection;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true), proxy(connection));
    }
  }
}
