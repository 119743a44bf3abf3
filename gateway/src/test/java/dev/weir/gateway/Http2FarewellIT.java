package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Connections of HTTP/2 live long: a drain must ask their clients to leave, and lose nothing. */
class Http2FarewellIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private final Sinks.Empty<Void> release = Sinks.empty();
  private final Sinks.Empty<Void> asked = Sinks.empty();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private DisposableServer upstream;

  @BeforeEach
  void start() {
    upstream =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(
                (request, response) -> {
                  asked.tryEmitEmpty();
                  return release.asMono().then(response.sendString(Mono.just("slow")).then());
                })
            .bindNow();
  }

  @AfterEach
  void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    upstream.disposeNow();
  }

  @Test
  void asksAtOnceAndAnswersTheStreamsThatAreOpenAndThoseThatCrossed() throws Exception {
    try (LocalGateway gateway =
        LocalGateway.before(upstream.port(), folder, "--weir.drain.grace=2s")) {
      Peer peer = connect(gateway);
      CompletableFuture<String> before = peer.get();
      asked.asMono().block(PATIENCE);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
      assertThat(peer.lastStream).succeedsWithin(PATIENCE).isEqualTo(Integer.MAX_VALUE);
      assertThat(gateway.manageStatus("/livez")).as("it waits yet").isEqualTo(200);

      // Sent before the client had read the farewell.
      CompletableFuture<String> crossed = peer.get();
      release.tryEmitEmpty();
      assertThat(before).succeedsWithin(PATIENCE).isEqualTo("200");
      assertThat(crossed).succeedsWithin(PATIENCE).isEqualTo("200");
      assertThat(closed).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void servesAConnectionThatComesDuringTheDrainAndAsksItToLeave() throws Exception {
    release.tryEmitEmpty();
    try (LocalGateway gateway =
        LocalGateway.before(upstream.port(), folder, "--weir.drain.grace=2s")) {
      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
      await().until(() -> gateway.manageStatus("/readyz") == 503);
      Peer late = connect(gateway);
      assertThat(late.get()).succeedsWithin(PATIENCE).isEqualTo("200");
      assertThat(late.lastStream).succeedsWithin(PATIENCE).isEqualTo(Integer.MAX_VALUE);
      assertThat(closed).succeedsWithin(PATIENCE);
    }
  }

  private Peer connect(LocalGateway gateway) throws Exception {
    SslContext tls =
        SslContextBuilder.forClient()
            .trustManager(gateway.certificate().certificate())
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    "h2"))
            .build();
    Peer peer = new Peer(gateway.edge());
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        tls.newHandler(channel.alloc(), "localhost", gateway.edge()),
                        Http2FrameCodecBuilder.forClient().build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                        peer);
              }
            })
        .connect("127.0.0.1", gateway.edge())
        .sync();
    return peer;
  }

  /** A client that goes on as if it had not read the farewell. */
  private static final class Peer extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Integer> lastStream = new CompletableFuture<>();
    private final int port;
    private final CompletableFuture<Channel> channel = new CompletableFuture<>();

    Peer(int port) {
      this.port = port;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      channel.complete(context.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2GoAwayFrame goAway) {
        lastStream.complete(goAway.lastStreamId());
      }
      ReferenceCountUtil.release(message);
    }

    CompletableFuture<String> get() throws InterruptedException {
      CompletableFuture<String> status = new CompletableFuture<>();
      Http2StreamChannel stream =
          new Http2StreamChannelBootstrap(channel.join())
              .handler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                      if (message instanceof Http2HeadersFrame head) {
                        status.complete(String.valueOf(head.headers().status()));
                      }
                      ReferenceCountUtil.release(message);
                    }

                    @Override
                    public void channelInactive(ChannelHandlerContext context) {
                      status.completeExceptionally(new IllegalStateException("cut off"));
                    }
                  })
              .open()
              .sync()
              .getNow();
      DefaultHttp2Headers headers = new DefaultHttp2Headers();
      headers.method("GET").scheme("https").authority("localhost:" + port).path("/");
      stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true)).sync();
      return status;
    }
  }
}
