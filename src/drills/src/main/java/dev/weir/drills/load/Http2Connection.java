package dev.weir.drills.load;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection and its streams. */
final class Http2Connection extends ChannelInboundHandlerAdapter {
  private static final int STREAMS_AT_MOST = 90;

  private final Http2Client owner;
  private final Dial dial;
  private final Set<Http2Exchange> streams = new LinkedHashSet<>();
  private @Nullable Channel channel;
  private boolean leaving;
  private long begunUpTo = Integer.MAX_VALUE;

  Http2Connection(Http2Client owner, Dial dial) {
    this.owner = owner;
    this.dial = dial;
  }

  void connect(Pending first) {
    var connecting =
        dial.connect(
            opened ->
                opened
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient().build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                        this));
    var _ =
        connecting.addListener(
            _ -> {
              if (connecting.isSuccess()) {
                channel = connecting.channel();
                send(first);
              } else {
                leaving = true;
                owner.gone(this);
                first.ended(Client.notConnected(connecting));
              }
            });
  }

  /** Whether another stream may be opened here now. */
  boolean takesMore() {
    return !leaving && channel != null && streams.size() < STREAMS_AT_MOST;
  }

  void send(Pending pending) {
    var exchange = new Http2Exchange(this, pending, dial.authority());
    streams.add(exchange);
    if (channel == null) {
      throw new IllegalStateException("not connected");
    }
    var opening = new Http2StreamChannelBootstrap(channel).handler(exchange).open();
    var _ = opening.addListener((Future<Http2StreamChannel> opened) -> opened(opened, exchange));
  }

  private static void opened(Future<Http2StreamChannel> opened, Http2Exchange exchange) {
    if (opened.isSuccess()) {
      exchange.write(opened.getNow());
    } else {
      exchange.notBegun();
    }
  }

  /** Whether the peer has said that it does not begin this stream. */
  boolean isDisowned(long stream) {
    return leaving && stream > begunUpTo;
  }

  /** Ends an exchange; what the peer never began goes to another connection. */
  void ended(Http2Exchange exchange, boolean again) {
    streams.remove(exchange);
    if (again) {
      owner.sendAgain(exchange.pending());
    }
    if (leaving && streams.isEmpty()) {
      close();
    } else {
      owner.freed();
    }
  }

  void sweep(long nowNanos) {
    new ArrayList<>(streams).forEach(exchange -> exchange.sweep(nowNanos));
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (message instanceof Http2GoAwayFrame goAway) {
      leaving = true;
      begunUpTo = Math.min(begunUpTo, Integer.toUnsignedLong(goAway.lastStreamId()));
      if (streams.isEmpty()) {
        close();
      }
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) throws Exception {
    leaving = true;
    owner.gone(this);
    super.channelInactive(closed);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    var _ = failing.close();
  }

  void close() {
    leaving = true;
    if (channel != null) {
      var _ = channel.close();
    }
  }
}
