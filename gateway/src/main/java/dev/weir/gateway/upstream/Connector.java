package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Opens connections to one endpoint, on the event loop of the pool that asks. */
final class Connector {
  /** One read brings two buffers at most; so a stalled stream holds at most 64 KiB. */
  private static final int MAX_READ_BYTES = 32 * 1024;

  private static final int FIRST_READ_BYTES = 8 * 1024;
  private static final int READS_PER_BURST = 2;

  private final Endpoint endpoint;
  private final String authority;
  private final int connectMillis;
  private final Wiring wiring;

  /** What all connectors share. */
  record Wiring(
      SslContext tls, SslContext http2Tls, AddressResolverGroup<InetSocketAddress> names) {}

  Connector(PoolKey key, Wiring wiring) {
    this.endpoint = key.endpoint();
    this.authority = endpoint.authority();
    this.connectMillis = Math.clamp(key.policy().connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    this.wiring = wiring;
  }

  /** Returns what goes into the Host field (RFC 9110 §7.2). */
  String authority() {
    return authority;
  }

  /** Opens a connection; the pool hears of its readiness or failure on its own loop. */
  void connect(LoopPool pool) {
    ResponseDecoder decoder = new ResponseDecoder();
    Connection connection = new Connection(pool, decoder);
    Bootstrap bootstrap =
        bootstrap(pool.loop())
            .option(ChannelOption.AUTO_READ, false)
            // A failed write must not throw away an answer that has already arrived (an early 413).
            .option(ChannelOption.AUTO_CLOSE, false)
            .handler(initializer(connection, decoder));
    dial(bootstrap, endpoint, wiring).addListener(future -> opened(future, connection, pool));
  }

  /** Opens a connection that requests share; the pool hears of it as soon as the peer answers. */
  void connect(StreamPool pool) {
    SharedConnection connection = new SharedConnection(pool, scheme().name());
    Bootstrap bootstrap = bootstrap(pool.loop()).handler(initializer(connection));
    connection.awaitPeer(dial(bootstrap, endpoint, wiring), connectMillis);
  }

  private HttpScheme scheme() {
    return endpoint.scheme() == Endpoint.Scheme.HTTPS ? HttpScheme.HTTPS : HttpScheme.HTTP;
  }

  private Bootstrap bootstrap(EventLoop loop) {
    return new Bootstrap()
        .group(loop)
        .channel(ChannelTypes.stream(loop))
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(1024, FIRST_READ_BYTES, MAX_READ_BYTES)
                .maxMessagesPerRead(READS_PER_BURST));
  }

  /** Connects to an endpoint, without a resolver where it is given as an address. */
  static ChannelFuture dial(Bootstrap bootstrap, Endpoint endpoint, Wiring wiring) {
    if (endpoint.address().isPresent()) {
      return bootstrap
          .resolver(NoopAddressResolverGroup.INSTANCE)
          .connect(new InetSocketAddress(endpoint.address().get(), endpoint.port()));
    }
    if (NetUtil.isValidIpV4Address(endpoint.host())
        || NetUtil.isValidIpV6Address(endpoint.host())) {
      return bootstrap
          .resolver(NoopAddressResolverGroup.INSTANCE)
          .connect(new InetSocketAddress(endpoint.host(), endpoint.port()));
    }
    return bootstrap
        .resolver(wiring.names())
        .connect(InetSocketAddress.createUnresolved(endpoint.host(), endpoint.port()));
  }

  private ChannelInitializer<SocketChannel> initializer(
      Connection connection, ResponseDecoder decoder) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        if (endpoint.scheme() == Endpoint.Scheme.HTTPS) {
          channel.pipeline().addLast(tls(channel, endpoint, wiring.tls(), connectMillis));
        }
        channel.pipeline().addLast(decoder, new HttpRequestEncoder(), connection);
      }
    };
  }

  private ChannelInitializer<SocketChannel> initializer(SharedConnection connection) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        if (endpoint.scheme() == Endpoint.Scheme.HTTP) {
          connection.addTo(channel.pipeline());
          return;
        }
        SslHandler tls = tls(channel, endpoint, wiring.http2Tls(), connectMillis);
        channel
            .pipeline()
            .addLast(tls, new Agreement(connection::addTo, connection.farewell()::because));
      }
    };
  }

  /** The peer's host goes along: it is what the certificate must name, and the SNI. */
  static SslHandler tls(Channel channel, Endpoint endpoint, SslContext context, int timeoutMillis) {
    SslHandler handler = context.newHandler(channel.alloc(), endpoint.host(), endpoint.port());
    handler.setHandshakeTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
    return handler;
  }

  private void opened(Future<? super Void> opening, Connection connection, LoopPool pool) {
    if (!opening.isSuccess()) {
      pool.connectFailed(reason(opening));
      return;
    }
    SslHandler tls = connection.channel().pipeline().get(SslHandler.class);
    if (tls == null) {
      pool.connected(connection);
      return;
    }
    tls.handshakeFuture().addListener(shaken -> shaken(shaken, connection, pool));
  }

  private void shaken(Future<? super Channel> shaking, Connection connection, LoopPool pool) {
    if (shaking.isSuccess() && connection.isOpen()) {
      pool.connected(connection);
      return;
    }
    var _ = connection.channel().close();
    pool.connectFailed(reason(shaking));
  }

  private String reason(Future<?> failed) {
    return authority + ": " + failed.cause();
  }
}
