package dev.weir.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * What stands behind every contender: HTTP/1.1 on 127.0.0.1, one kibibyte for any GET, the key set
 * at its well-known path, and a slow answer below /slow. Also the same kibibyte over HTTP/2.
 */
public final class Upstream implements AutoCloseable {
  /** Bytes of a body. */
  public static final int BODY_BYTES = 1024;

  private static final int BACKLOG = 1024;

  private final Channel channel;

  private Upstream(Channel channel) {
    this.channel = channel;
  }

  /** Listens on a free port. */
  public static Upstream start(EventLoopGroup group, String jwks) {
    return start(group, jwks, head -> {});
  }

  /**
   * Listens on a free port.
   *
   * @param witness sees the head of each request for an item, on that connection's event loop
   */
  public static Upstream start(EventLoopGroup group, String jwks, Consumer<ByteBuf> witness) {
    var answers = new Answers(item(), response("application/json", jwks));
    return start(
        group,
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel connection) {
            connection.pipeline().addLast(new UpstreamHandler(answers, witness));
          }
        });
  }

  /** Listens on a free port for HTTP/2 without TLS. */
  public static Upstream startHttp2(EventLoopGroup group) {
    var body = Unpooled.directBuffer().writeBytes(body().getBytes(UTF_8));
    var shared = Unpooled.unreleasableBuffer(body);
    return start(
        group,
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel connection) {
            connection
                .pipeline()
                .addLast(
                    Http2FrameCodecBuilder.forServer().build(), new Http2UpstreamHandler(shared));
          }
        });
  }

  private static Upstream start(EventLoopGroup group, ChannelInitializer<Channel> initializer) {
    var channel =
        new ServerBootstrap()
            .group(group)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer)
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    return new Upstream(channel);
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
  }

  /** Pre-encoded responses, shared by all connections. */
  record Answers(ByteBuf item, ByteBuf jwks) {}

  private static ByteBuf item() {
    return response("application/json", body());
  }

  private static String body() {
    var lead = "{\"item\":\"";
    var tail = "\"}";
    return lead + "x".repeat(BODY_BYTES - lead.length() - tail.length()) + tail;
  }

  private static ByteBuf response(String type, String body) {
    var bytes = body.getBytes(UTF_8);
    var head =
        "HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n"
            .formatted(type, bytes.length);
    var buffer = Unpooled.directBuffer().writeBytes(head.getBytes(US_ASCII)).writeBytes(bytes);
    return Unpooled.unreleasableBuffer(buffer);
  }
}
