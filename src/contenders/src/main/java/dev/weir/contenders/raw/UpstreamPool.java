package dev.weir.contenders.raw;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The open connections to the upstream; confined to the one event loop, so nothing is locked. */
final class UpstreamPool {
  private final Bootstrap bootstrap;
  private final ArrayDeque<Upstream> idle = new ArrayDeque<>();

  UpstreamPool(EventLoop loop, int port) {
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .remoteAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec(), new Upstream(UpstreamPool.this));
                  }
                });
  }

  /** Returns the latest used of the idle connections, or null. */
  @Nullable Upstream takeIdle() {
    return idle.pollFirst();
  }

  void connect(Downstream downstream) {
    ChannelFuture connecting = bootstrap.connect();
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            downstream.connected(connecting.channel().pipeline().get(Upstream.class));
          } else {
            downstream.upstreamFailed();
          }
        });
  }

  void giveBack(Upstream upstream) {
    idle.addFirst(upstream);
  }

  void forget(Upstream upstream) {
    idle.remove(upstream);
  }
}
