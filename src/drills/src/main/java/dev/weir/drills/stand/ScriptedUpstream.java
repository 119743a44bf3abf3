package dev.weir.drills.stand;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * An HTTP/1.1 server whose behaviour is set while it runs: slow, with so many workers, or away.
 * Away means that its listener and its connections are closed, as when a process is killed.
 */
public final class ScriptedUpstream implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final EventLoopGroup group;
  private final Supplier<String> body;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Workers workers = new Workers();
  private final int port;
  // Replaced by the one thread that runs the drill.
  private volatile Channel listener;

  private ScriptedUpstream(EventLoopGroup group, Supplier<String> body) {
    this.group = group;
    this.body = body;
    this.listener = listen(0);
    this.port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Starts one on a free port; it answers at once and with this JSON. */
  public static ScriptedUpstream start(EventLoopGroup group, Supplier<String> body) {
    return new ScriptedUpstream(group, body);
  }

  private Channel listen(int on) {
    return new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                connections.add(channel);
                channel.pipeline().addLast(new HttpServerCodec(), new Answering(workers, body));
              }
            })
        .bind("127.0.0.1", on)
        .syncUninterruptibly()
        .channel();
  }

  public int port() {
    return port;
  }

  /** Answers take so long from now on. */
  public void takes(Duration time) {
    workers.serviceMillis(time.toMillis());
  }

  /** Works on so many requests at once from now on; what comes meanwhile queues. */
  public void workers(int count) {
    workers.count(count);
  }

  /** Goes away. */
  public void goAway() {
    listener.close().syncUninterruptibly();
    connections.close().syncUninterruptibly();
  }

  /** Is back, on the same port. */
  public void comeBack() {
    listener = listen(port);
  }

  @Override
  public void close() {
    goAway();
  }
}
