package dev.weir.drills.stand;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Passes bytes between a port of its own and another, and holds them back as long as it is told to.
 * Where each connection goes is asked when it comes; one that has nowhere to go is closed.
 */
public final class Relay implements AutoCloseable {
  private final Supplier<OptionalInt> target;
  private final Channel listener;
  private volatile long delayNanos;

  private Relay(EventLoopGroup group, Supplier<OptionalInt> target) {
    this.target = target;
    this.listener =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    join(channel);
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Listens on a free port. */
  public static Relay start(EventLoopGroup group, Supplier<OptionalInt> target) {
    return new Relay(group, target);
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Holds every byte back for so long from now on, either way. */
  public void delay(Duration time) {
    delayNanos = time.toNanos();
  }

  private void join(Channel near) {
    var to = target.get();
    if (to.isEmpty()) {
      var _ = near.close();
      return;
    }
    var connecting =
        new Bootstrap()
            .group(near.eventLoop())
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new Idle())
            .connect("127.0.0.1", to.getAsInt());
    var far = connecting.channel();
    near.pipeline().addLast(new RelayHalf(far, () -> delayNanos));
    far.pipeline().addLast(new RelayHalf(near, () -> delayNanos));
    var _ =
        connecting.addListener(
            _ -> {
              if (connecting.isSuccess()) {
                near.read();
                far.read();
              } else {
                var _ = near.close();
              }
            });
  }

  /** A bootstrap wants one. */
  @ChannelHandler.Sharable
  private static final class Idle extends ChannelInboundHandlerAdapter {}

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
  }
}
