package dev.weir.gateway.control;

import io.micrometer.core.instrument.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one HTTP/1.1 connection: closes it when it was idle too long, and when the request that
 * it began to send does not arrive. The clock of a request starts with its first byte and no later
 * byte restarts it, so a head that trickles in ends with 408 (RFC 9110 §15.5.9).
 *
 * <p>The next request's clock stands still while one is unanswered: what a client sends ahead, be
 * it an empty line, must not end an answer that runs.
 *
 * <p><b>What runs per request.</b> Four handler calls, two reads of the clock, nothing allocated.
 * One timer per connection looks every quarter of the shorter bound, so a bound is kept to within a
 * quarter. Only of a head that does not come in one read are the lines counted, as its fields wait
 * in memory, ten times as large as a line of four bytes. Confined to the connection's event loop.
 */
final class Http1Watch extends ChannelDuplexHandler implements Runnable {
  private static final long NOTHING = Long.MIN_VALUE;
  private static final int LOOKS = 4;
  private static final int MAX_AHEAD = 32;
  private static final byte LF = '\n';

  /** The bounds in nanoseconds, and what counts their breach. */
  record Bounds(
      long idle,
      long arrival,
      UnfinishedHeads unfinished,
      Counter idleClosed,
      Counter slowClosed,
      Counter fieldsClosed,
      Counter pipelinedClosed,
      Counter unfinishedClosed) {}

  private final Bounds bounds;
  private final UnfinishedHead head;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ChannelHandlerContext bytes;
  private @Nullable ScheduledFuture<?> timer;
  private long arrivingSince = NOTHING;
  private boolean headArrived;
  private ByteBuf current = Unpooled.EMPTY_BUFFER;
  private int headBegin;
  private boolean midLine;
  private boolean ended;
  private int unanswered;
  private long idleSince = System.nanoTime();

  Http1Watch(Bounds bounds) {
    this.bounds = bounds;
    this.head = new UnfinishedHead(bounds.unfinished());
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
      if (!(message instanceof ByteBuf buffer)) {
        reading.fireChannelRead(message);
        return;
      }
      int lineEnd = midLine ? buffer.indexOf(buffer.readerIndex(), buffer.writerIndex(), LF) : -1;
      if (lineEnd >= 0 && lineEnd + 1 < buffer.writerIndex()) {
        // The codec joins this to what it holds; cut there, the rest is a buffer of its own to it,
        // and tells how far it has read.
        midLine = false;
        pass(reading, buffer.readRetainedSlice(lineEnd + 1 - buffer.readerIndex()), false);
      }
      pass(reading, buffer, !midLine);
    }

    /**
     * Hands bytes to the codec and sees what it made of them.
     *
     * @param alone whether the codec holds nothing that it joins them to
     */
    private void pass(ChannelHandlerContext reading, ByteBuf buffer, boolean alone) {
      if (ended) {
        buffer.release();
        return;
      }
      if (arrivingSince == NOTHING) {
        arrivingSince = System.nanoTime();
        headArrived = false;
      }
      int end = buffer.writerIndex();
      headBegin = buffer.readerIndex();
      current = buffer.retain();
      try {
        reading.fireChannelRead(buffer);
        midLine = alone ? buffer.readerIndex() < end : midLine;
        if (arrivingSince == NOTHING && alone && headBegin < end) {
          // Behind a whole request, the next one begins.
          arrivingSince = System.nanoTime();
          headArrived = false;
        }
        if (arrivingSince != NOTHING && !headArrived && headBegin < end) {
          noteUnfinished(buffer, headBegin, end - headBegin);
        }
      } finally {
        current = Unpooled.EMPTY_BUFFER;
        buffer.release();
      }
    }
  }

  private void noteUnfinished(ByteBuf part, int from, int length) {
    switch (head.add(part, from, length)) {
      case FITS -> {}
      case TOO_MANY_FIELDS -> {
        bounds.fieldsClosed().increment();
        end(EarlyAnswers.TOO_MANY_FIELDS);
      }
      case NO_ROOM -> {
        bounds.unfinishedClosed().increment();
        end(EarlyAnswers.OVERLOADED);
      }
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
    head.finish();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (ended) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest) {
      if (asksTooFarAhead(reading.channel())) {
        bounds.pipelinedClosed().increment();
        ReferenceCountUtil.release(message);
        ended = true;
        var _ = reading.close();
        return;
      }
      unanswered++;
      headArrived = true;
      if (arrivingSince == NOTHING) {
        arrivingSince = System.nanoTime();
      }
      head.finish();
    }
    if (message instanceof LastHttpContent) {
      arrivingSince = NOTHING;
      headBegin = current.readerIndex();
    }
    reading.fireChannelRead(message);
  }

  /**
   * The server answers requests that are sent ahead one after the other, whether or not the answers
   * leave; a client that reads none would have it hold them all. What a closed connection leaves of
   * a head is no request.
   */
  private boolean asksTooFarAhead(Channel channel) {
    return channel.isActive()
        && (unanswered >= MAX_AHEAD || (unanswered == 0 && !channel.isWritable()));
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
    if (ended) {
      // It had until now to take its last answer.
      var _ = watched.close();
      return;
    }
    long now = System.nanoTime();
    if (arrivingSince != NOTHING && !headArrived && unanswered > 0) {
      arrivingSince = now;
    }
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
    if (headArrived || unanswered > 0) {
      var _ = watched.close();
      return;
    }
    end(EarlyAnswers.TIMED_OUT);
    look(watched);
  }

  /** Says a last word to a client that may not read it. */
  private void end(byte[] answer) {
    ChannelHandlerContext raw = bytes;
    if (ended || raw == null) {
      return;
    }
    ended = true;
    if (unanswered > 0) {
      // Nothing may be said in the middle of another answer.
      var _ = raw.close();
      return;
    }
    var _ =
        raw.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
  }
}
