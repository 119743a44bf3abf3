package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends answers that their clients do not read. A streamed answer holds its admission permit, and
 * any answer its buffers, until the last byte is with the kernel, so a client that opens no HTTP/2
 * window, or no TCP one, would hold them for as long as it liked.
 *
 * <p>An answer waits for its client while nothing of it can be written: its channel is full, or all
 * of it has been handed over and has not left. One that has waited without a break for the bound is
 * ended: an HTTP/2 stream is reset, unless its connection is stuck too; else the connection closes.
 * A client that reads on, however slowly, empties the channel's half-full mark of 32 KiB within the
 * bound and begins anew; with 60 s that is some 500 bytes a second.
 *
 * <p><b>What runs per request.</b> Nothing for a short answer over HTTP/1.1. Else putting one entry
 * at the end of its event loop's list and taking it out again; no clock is read. All entries wait
 * for the same time, so the oldest is first, and a timer for each loop looks only there, four times
 * in the bound while anybody waits. A bound is kept to within a quarter. Confined to the event loop
 * of each answer.
 */
public final class SlowReaders {
  private static final int LOOKS = 4;

  private final long lookNanos;
  private final Counter ended;
  private final FastThreadLocal<Line> lines =
      new FastThreadLocal<>() {
        @Override
        protected Line initialValue() {
          return new Line();
        }
      };

  /** Ends what has waited for {@code bound}. */
  public SlowReaders(Duration bound, MeterRegistry meters) {
    this.lookNanos = Math.max(1, bound.toNanos() / LOOKS);
    this.ended = meters.counter(GatewayMetrics.ANSWERS_UNREAD);
  }

  /**
   * Watches an answer that is handed over whole. A stream may hold all of it until it closes; a
   * connection of HTTP/1.1 is idle from here on, which has its own bound.
   */
  void watchWhole(Channel channel) {
    if (channel instanceof Http2StreamChannel) {
      Wait wait = of(channel);
      channel.closeFuture().addListener(wait);
      wait.begin();
    }
  }

  /** Returns the entry of a streamed answer, which does not wait yet. */
  Wait watchStream(Channel channel, Exchange exchange) {
    Wait wait = of(channel);
    if (channel instanceof Http2StreamChannel) {
      channel.closeFuture().addListener(wait);
    } else {
      exchange.whenCompleted(wait::finish);
    }
    return wait;
  }

  /** Returns an entry that nobody ends yet. */
  Wait of(Channel channel) {
    assert channel.eventLoop().inEventLoop();
    return new Wait(lines.get(), channel);
  }

  private void end(Channel channel) {
    ended.increment();
    if (!(channel instanceof Http2StreamChannel stream)) {
      var _ = channel.close();
      return;
    }
    if (!stream.parent().isWritable()) {
      var _ = stream.parent().close();
      return;
    }
    // A stream that has been handed the end of its answer closes without a word, and would leave
    // what is queued where it is.
    var _ = stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    var _ = stream.close();
  }

  /** The answers of one event loop that wait, the one that began first at the front. */
  private final class Line implements Runnable {
    private @Nullable Wait first;
    private @Nullable Wait last;
    private int look;
    private boolean looking;

    void append(Wait wait) {
      wait.since = look;
      wait.before = last;
      if (last == null) {
        first = wait;
      } else {
        last.after = wait;
      }
      last = wait;
      if (!looking) {
        looking = true;
        lookLater(wait.channel);
      }
    }

    void remove(Wait wait) {
      Wait before = wait.before;
      Wait after = wait.after;
      if (before == null) {
        first = after;
      } else {
        before.after = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
      wait.before = null;
      wait.after = null;
    }

    private void lookLater(Channel any) {
      var _ = any.eventLoop().schedule(this, lookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      look++;
      for (Wait oldest = first; oldest != null && look - oldest.since > LOOKS; oldest = first) {
        oldest.end();
        SlowReaders.this.end(oldest.channel);
      }
      Wait left = first;
      looking = left != null;
      if (left != null) {
        lookLater(left.channel);
      }
    }
  }

  /** One answer's place in the line, if it waits. */
  static final class Wait implements ChannelFutureListener {
    private final Line line;
    private final Channel channel;
    private @Nullable Wait before;
    private @Nullable Wait after;
    private int since;
    private boolean waiting;
    private boolean over;

    private Wait(Line line, Channel channel) {
      this.line = line;
      this.channel = channel;
    }

    /** The client is to read now; where it was before, its time runs on. */
    void begin() {
      if (!waiting && !over) {
        waiting = true;
        line.append(this);
      }
    }

    /** The answer is out, or given up. */
    void finish() {
      over = true;
      end();
    }

    @Override
    public void operationComplete(ChannelFuture closed) {
      finish();
    }

    /** The client has read. */
    void end() {
      if (waiting) {
        waiting = false;
        line.remove(this);
      }
    }
  }
}
