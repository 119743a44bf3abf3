package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
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
import org.jspecify.annotations.Nullable;

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

  private final EndpointCheck.Key key;
  private final Consumer<Finding> then;
  private @Nullable Channel socket;
  private boolean over;

  private HealthProbe(EndpointCheck.Key key, Consumer<Finding> then) {
    this.key = key;
    this.then = then;
  }

  /** Looks, and tells on the loop what was found, once. */
  static void start(
      EventLoop loop, EndpointCheck.Key key, Connector.Wiring wiring, Consumer<Finding> then) {
    HealthProbe probe = new HealthProbe(key, then);
    int millis = Math.clamp(key.policy().timeout().toMillis(), 1, Integer.MAX_VALUE);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(ChannelTypes.stream(loop))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
            .handler(new ProbeSetup(key, wiring, probe, millis));
    ChannelFuture opening = Connector.dial(bootstrap, key.endpoint(), wiring);
    Channel channel = opening.channel();
    probe.socket = channel;
    Future<?> timer =
        loop.schedule(() -> probe.end(Finding.TIMEOUT), millis, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
    opening.addListener(
        opened -> {
          if (!opened.isSuccess()) {
            probe.unreachable();
          }
        });
  }

  void unreachable() {
    end(Finding.UNREACHABLE);
  }

  private void end(Finding finding) {
    Channel ours = socket;
    if (!over && ours != null) {
      over = true;
      var _ = ours.close();
      then.accept(finding);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // A stream is there once the handshake is over.
    if (key.protocol().isMultiplexed() || key.endpoint().scheme() == Endpoint.Scheme.HTTP) {
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
    var request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, key.policy().path());
    request
        .headers()
        .set(HttpHeaderNames.HOST, key.endpoint().authority())
        .set(HttpHeaderNames.USER_AGENT, "weir-health-check")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var _ = ctx.writeAndFlush(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse response) {
      noteHead(response);
    }
    ReferenceCountUtil.release(message);
  }

  private void noteHead(HttpResponse response) {
    int status = response.status().code();
    boolean interim = status >= 100 && status < 200;
    if (response.decoderResult().isFailure()) {
      unreachable();
    } else if (!interim) {
      end(status >= 200 && status < 300 ? Finding.OK : Finding.STATUS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    unreachable();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    unreachable();
  }
}
