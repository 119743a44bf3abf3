package dev.weir.contenders.raw;

import dev.weir.contenders.Bench;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A proxy with nothing in it that a proxy can do without: what Java and Netty cost at the least.
 *
 * <p>Left out on purpose: time-outs, retries, limits of its own, metrics and logs.
 */
public final class RawNetty {
  private RawNetty() {}

  /** Serves until the process ends. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    start(Bench.fromEnvironment()).closeFuture().sync();
  }

  /** Listens; the event loop ends with the returned channel. */
  static Channel start(Bench bench) throws IOException, InterruptedException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    UpstreamPool pool = new UpstreamPool(loop.next(), bench.upstreamPort());
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new EdgeInitializer(tls(bench), pool, bench.upstreamAuthority()))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), bench.port()))
            .sync()
            .channel();
    server
        .closeFuture()
        .addListener(
            closed -> {
              var _ = loop.shutdownGracefully();
            });
    return server;
  }

  /** BoringSSL, TLS 1.3, HTTP/2 where the client has it. */
  private static SslContext tls(Bench bench) throws IOException {
    return SslContextBuilder.forServer(bench.certificate().toFile(), bench.privateKey().toFile())
        .sslProvider(SslProvider.OPENSSL)
        .protocols("TLSv1.3")
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
