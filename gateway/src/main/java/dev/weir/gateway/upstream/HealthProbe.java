package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One look at one endpoint: a connection of its own, one GET, the status. Not through the pools: a
 * check must see whether new connections are taken, and must not wait behind requests for one.
 */
final class HealthProbe extends ChannelInboundHandlerAdapter {

  /** What was found. */
  enum Finding {
    OK("ok"),
    /** An answer other than 2xx. */
    STATUS("status"),
    TIMEOUT("timeout"),
    /** No connection, or one that broke before an answer. */
    UNREACHABLE("unreachable");

    private final String label;

    Finding(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final Endpoint endpoint;
  private final HealthCheck policy;
  private final Consumer<Finding> then;
  private boolean over;

  private HealthProbe(Endpoint endpoint, HealthCheck policy, Consumer<Finding> then) {
    this.endpoint = endpoint;
    this.policy = policy;
    this.then = then;
  }

  /** Looks, and tells on the loop what was found, once. */
  static void start(
      EventLoop loop,
      Endpoint endpoint,
      HealthCheck policy,
      Connector.Wiring wiring,
      Consumer<Finding> then) {
    HealthProbe probe = new HealthProbe(endpoint, policy, then);
    int millis = Math.clamp(policy.timeout().toMillis(), 1, Integer.MAX_VALUE);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(ChannelTypes.stream(loop))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    if (endpoint.scheme() == Endpoint.Scheme.HTTPS) {
                      channel.pipeline().addLast(Connector.tls(channel, endpoint, wiring, millis));
                    }
                    channel.pipeline().addLast(new HttpClientCodec(), probe);
                  }
                });
    ChannelFuture opening = Connector.dial(bootstrap, endpoint, wiring);
    Channel channel = opening.channel();
    Future<?> timer =
        loop.schedule(() -> probe.end(channel, Finding.TIMEOUT), millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
    opening.addListener(
        opened -> {
          if (!opened.isSuccess()) {
            probe.end(channel, Finding.UNREACHABLE);
          }
        });
  }

  private void end(Channel channel, Finding finding) {
    if (!over) {
      over = true;
      var _ = channel.close();
      then.accept(finding);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (endpoint.scheme() == Endpoint.Scheme.HTTP) {
      ask(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess()) {
      ask(ctx);
    }
  }

  private void ask(ChannelHandlerContext ctx) {
    var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, policy.path());
    request
        .headers()
        .set(HttpHeaderNames.HOST, endpoint.authority())
        .set(HttpHeaderNames.USER_AGENT, "weir-health-check")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = ctx.writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse response) {
      noteHead(ctx, response);
    }
    ReferenceCountUtil.release(message);
  }

  private void noteHead(ChannelHandlerContext ctx, HttpResponse response) {
    int status = response.status().code();
    boolean interim = status >= 100 && status < 200;
    if (response.decoderResult().isFailure()) {
      end(ctx.channel(), Finding.UNREACHABLE);
    } else if (!interim) {
      end(ctx.channel(), status >= 200 && status < 300 ? Finding.OK : Finding.STATUS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end(ctx.channel(), Finding.UNREACHABLE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    end(ctx.channel(), Finding.UNREACHABLE);
  }
}
