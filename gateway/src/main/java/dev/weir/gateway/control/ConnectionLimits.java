package dev.weir.gateway.control;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.NettyPipeline;

/**
 * Bounds what a client may do with a connection before and between requests: how many connections
 * there are, how long one may be idle, and how long a request's head may take to arrive.
 *
 * <p>Reactor Netty's own {@code idleTimeout} takes a handler out of the pipeline and puts a new one
 * in for every HTTP/1.1 request, and its {@code requestTimeout} counts from the end of the head
 * and, where the answer came before the request's end was read, keeps the request's objects until
 * it fires: ten thousand 404 a second and its 30 s were enough to end an event loop for want of
 * memory. Here each connection has one handler and one timer, and a request costs two reads of the
 * clock.
 */
final class ConnectionLimits {
  private static final String NAME = "weir.connectionLimits";

  /** A long turn of the loop must not hold back what is ready: this many flushes end the wait. */
  private static final int FLUSHES_AT_MOST = 32;

  private final Http1Watch.Bounds bounds;
  private final int maximum;
  private final Counter surplus;
  private final AtomicInteger open = new AtomicInteger();
  private final Http2Farewell farewell = new Http2Farewell();

  /**
   * Bounds one listener.
   *
   * @param unfinished what all listeners' heads that have begun and not ended share
   */
  ConnectionLimits(
      Duration idle,
      Duration arrival,
      int maximum,
      UnfinishedHeads unfinished,
      MeterRegistry meters) {
    this.bounds =
        new Http1Watch.Bounds(
            idle.toNanos(),
            arrival.toNanos(),
            unfinished,
            closed(meters, "idle"),
            closed(meters, "slow_request"),
            closed(meters, "fields"),
            closed(meters, "pipelined"),
            closed(meters, "unfinished"));
    this.maximum = maximum;
    this.surplus = closed(meters, "limit");
  }

  private static Counter closed(MeterRegistry meters, String reason) {
    return meters.counter(GatewayMetrics.CONNECTIONS_CLOSED, "reason", reason);
  }

  /** Watches a connection that was just taken, or closes it where there are too many. */
  void watch(Channel channel) {
    var _ = channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > maximum) {
      surplus.increment();
      var _ = channel.close();
      return;
    }
    if (channel.pipeline().context(NettyPipeline.SslHandler) == null) {
      attach(channel);
      return;
    }
    channel.pipeline().addAfter(NettyPipeline.SslHandler, NAME, new AfterHandshake());
  }

  /** Returns the connections that are open. */
  int open() {
    return open.get();
  }

  /** Asks clients of HTTP/2 to open new connections elsewhere, now and from now on. */
  void beginFarewell() {
    farewell.begin();
  }

  private void attach(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.context(NettyPipeline.HttpCodec) == null) {
      return;
    }
    Http2FrameCodec http2 = pipeline.get(Http2FrameCodec.class);
    if (http2 != null) {
      new Http2Watch(channel, http2.connection(), bounds.idle(), bounds.idleClosed()).start();
      farewell.follow(channel, http2.connection());
      // Answers of several streams that end in one turn of the loop leave as one record, one write.
      pipeline.addBefore(
          NettyPipeline.HttpCodec,
          NAME + ".flushes",
          new FlushConsolidationHandler(FLUSHES_AT_MOST, true));
      return;
    }
    Http1Watch watch = new Http1Watch(bounds);
    pipeline.addBefore(NettyPipeline.HttpCodec, NAME + ".bytes", watch.bytes());
    pipeline.addAfter(NettyPipeline.HttpCodec, NAME + ".messages", watch);
  }

  /** The codec is there once the handlers behind have heard of the handshake. */
  private final class AfterHandshake extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      boolean done = event instanceof SslHandshakeCompletionEvent;
      context.fireUserEventTriggered(event);
      if (done && !context.isRemoved()) {
        context.pipeline().remove(this);
        attach(context.channel());
      }
    }
  }
}
