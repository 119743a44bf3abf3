package dev.weir.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Opens client connections to a listener of this machine.
 *
 * <p>One event loop drives all of them, by epoll and BoringSSL: with one core for clients and
 * upstream a second thread would only add switches between the two.
 */
public final class LoadGenerator {
  private static final int TIMEOUT_SECONDS = 10;
  private static final String HOST = "127.0.0.1";

  private final EventLoop loop;
  private final Map<Protocol, SslContext> tls;
  private final int share;

  private LoadGenerator(EventLoop loop, Map<Protocol, SslContext> tls, int share) {
    this.loop = loop;
    this.tls = tls;
    this.share = share;
  }

  /** Prepares TLS 1.3 clients that trust the authority. */
  public static LoadGenerator create(EventLoop loop, Path authority) throws SSLException {
    var tls = new EnumMap<Protocol, SslContext>(Protocol.class);
    for (var protocol : Protocol.values()) {
      tls.put(protocol, ClientTls.of(authority, protocol));
    }
    return new LoadGenerator(loop, tls, 1);
  }

  /**
   * One that opens so many times fewer connections, at least one: for a gateway that is slowed down
   * on purpose and would rightly shed the usual load.
   */
  public LoadGenerator fewer(int times) {
    return new LoadGenerator(loop, tls, times);
  }

  /** Connects with TLS; every connection has agreed on the protocol when this returns. */
  public Connections connect(int port, Protocol protocol) throws IOException {
    return open(port, protocol, Optional.of(contextOf(protocol)));
  }

  /** Connects without TLS, by HTTP/1.1. */
  public Connections connectPlain(int port) throws IOException {
    return open(port, Protocol.H1, Optional.empty());
  }

  private SslContext contextOf(Protocol protocol) {
    var context = tls.get(protocol);
    if (context == null) {
      throw new IllegalStateException("no TLS for " + protocol);
    }
    return context;
  }

  private Connections open(int port, Protocol protocol, Optional<SslContext> context)
      throws IOException {
    var wires = new ArrayList<Wire>();
    var connections = new Connections(loop, protocol, wires);
    try {
      for (int i = 0; i < Math.max(1, protocol.connections() / share); i++) {
        wires.add(open(port, protocol, context, wires.size()));
      }
      return connections;
    } catch (IOException e) {
      connections.close();
      throw e;
    }
  }

  private WireHandler open(int port, Protocol protocol, Optional<SslContext> context, int number)
      throws IOException {
    var wire =
        switch (protocol) {
          case H1 -> new Http1Wire();
          case H2 -> new Http2Wire(protocol.streams());
        };
    var connecting =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TIMEOUT_SECONDS * 1000)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    context.ifPresent(
                        tls ->
                            channel
                                .pipeline()
                                .addLast(tls.newHandler(channel.alloc(), "localhost", port)));
                    channel.pipeline().addLast(wire);
                  }
                })
            .connect(HOST, port);
    await(connecting, protocol, context.isPresent(), number);
    return wire;
  }

  private static void await(
      ChannelFuture connecting, Protocol protocol, boolean secured, int number) throws IOException {
    if (!connecting.awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        || !connecting.isSuccess()) {
      throw new IOException("connection %d failed: %s".formatted(number, connecting.cause()));
    }
    if (!secured) {
      return;
    }
    var handler = connecting.channel().pipeline().get(SslHandler.class);
    var handshake = handler == null ? connecting : handler.handshakeFuture();
    if (!handshake.awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        || !handshake.isSuccess()
        || handler == null) {
      throw new IOException("TLS handshake %d failed: %s".formatted(number, handshake.cause()));
    }
    var agreed = handler.applicationProtocol();
    if (!protocol.alpn().equals(agreed)) {
      throw new IOException("the peer agreed on %s, not %s".formatted(agreed, protocol.alpn()));
    }
  }
}
