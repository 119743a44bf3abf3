package dev.weir.gateway.control;

import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.ProblemJson;
import dev.weir.gateway.problem.Rejection;
import io.micrometer.core.instrument.Counter;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one HTTP/1.1 connection: closes it when it was idle too long, and when the request that
 * it began to send does not arrive. The clock of a request starts with its first byte and no later
 * byte restarts it, so a head that trickles in ends with 408 (RFC 9110 §15.5.9).
 *
 * <p><b>What runs per request.</b> Four handler calls, two reads of the clock, nothing allocated.
 * One timer per connection looks every quarter of the shorter bound, so a bound is kept to within a
 * quarter. Confined to the connection's event loop.
 */
final class Http1Watch extends ChannelDuplexHandler implements Runnable {
  private static final long NOTHING = Long.MIN_VALUE;
  private static final int LOOKS = 4;
  private static final byte[] TIMED_OUT = timedOut();

  /** The bounds in nanoseconds, and what counts their breach. */
  record Bounds(long idle, long arrival, Counter idleClosed, Counter slowClosed) {}

  private final Bounds bounds;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ChannelHandlerContext bytes;
  private @Nullable ScheduledFuture<?> timer;
  private long arrivingSince = NOTHING;
  private boolean headArrived;
  private int unanswered;
  private long idleSince = System.nanoTime();

  Http1Watch(Bounds bounds) {
    this.bounds = bounds;
  }

  /** Returns what stands before the codec and sees a request's first byte. */
  ChannelInboundHandler bytes() {
    return new Bytes();
  }

  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext added) {
      bytes = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
      if (arrivingSince == NOTHING) {
        arrivingSince = System.nanoTime();
        headArrived = false;
      }
      reading.fireChannelRead(message);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    look(added);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (message instanceof HttpRequest) {
      unanswered++;
      headArrived = true;
    }
    if (message instanceof LastHttpContent) {
      arrivingSince = NOTHING;
    }
    reading.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent && !isInterim(message)) {
      unanswered = Math.max(0, unanswered - 1);
      if (unanswered == 0) {
        idleSince = System.nanoTime();
      }
    }
    var _ = writing.write(message, promise);
    if (message instanceof HttpResponse head
        && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      leave(writing);
    }
  }

  /** What comes now is frames of a WebSocket, whose idleness is watched by those who read them. */
  private void leave(ChannelHandlerContext writing) {
    ChannelHandlerContext raw = bytes;
    if (raw != null && !raw.isRemoved()) {
      raw.pipeline().remove(raw.handler());
    }
    writing.pipeline().remove(this);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  private void look(ChannelHandlerContext watched) {
    long period = Math.max(1, Math.min(bounds.idle(), bounds.arrival()) / LOOKS);
    timer = watched.executor().schedule(this, period, TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    ChannelHandlerContext watched = context;
    if (watched == null || !watched.channel().isActive()) {
      return;
    }
    long now = System.nanoTime();
    if (arrivingSince != NOTHING && now - arrivingSince >= arrivalBound()) {
      endSlowRequest(watched);
    } else if (isIdle() && now - idleSince >= bounds.idle()) {
      bounds.idleClosed().increment();
      var _ = watched.close();
    } else {
      look(watched);
    }
  }

  private boolean isIdle() {
    return arrivingSince == NOTHING && unanswered == 0;
  }

  /** Whoever reads the body answers 408 at the bound; this is for a body that nobody reads. */
  private long arrivalBound() {
    return headArrived ? 2 * bounds.arrival() : bounds.arrival();
  }

  private void endSlowRequest(ChannelHandlerContext watched) {
    bounds.slowClosed().increment();
    ChannelHandlerContext raw = bytes;
    if (headArrived || unanswered > 0 || raw == null) {
      var _ = watched.close();
      return;
    }
    var _ =
        raw.writeAndFlush(Unpooled.wrappedBuffer(TIMED_OUT))
            .addListener(ChannelFutureListener.CLOSE);
  }

  private static byte[] timedOut() {
    byte[] body =
        ProblemJson.encode(
            Rejection.of(GatewayError.REQUEST_TIMEOUT, "The request did not arrive in time."), "");
    String head =
        "HTTP/1.1 408 Request Timeout\r\ncontent-type: "
            + ProblemJson.MEDIA_TYPE
            + "\r\ncontent-length: "
            + body.length
            + "\r\nconnection: close\r\ncache-control: no-store\r\n\r\n";
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[first.length + body.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(body, 0, whole, first.length, body.length);
    return whole;
  }
}
