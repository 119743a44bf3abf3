package dev.weir.drills.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.util.function.Consumer;

/** Opens TLS connections to one port of this machine, on one event loop. */
record Dial(EventLoop loop, SslContext tls, int port) {
  private static final int CONNECT_MILLIS = 2_000;

  String authority() {
    return "localhost:" + port;
  }

  /** Connects; what stands behind TLS in the pipeline is the caller's. */
  ChannelFuture connect(Consumer<Channel> pipeline) {
    return new Bootstrap()
        .group(loop)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(tls.newHandler(channel.alloc(), "localhost", port));
                pipeline.accept(channel);
              }
            })
        .connect("127.0.0.1", port);
  }
}
