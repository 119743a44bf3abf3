package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream, or one stream of a shared one: the last handler of its pipeline,
 * serving one attempt at a time.
 *
 * <p>Reads are asked for one by one. While idle one read stands open, so that the peer's close is
 * seen; whatever else arrives then was not asked for and closes the connection. It goes back to its
 * pool only at the end of a read burst, when the decoder holds no byte beyond the answer.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private final Pool pool;
  private final AnswerReader reader;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Reply reply;
  private int place = -1;
  private int restedAt;
  private int lastTick;
  private int progressAt;
  private boolean used;
  private boolean closed;

  Connection(Pool pool, AnswerReader reader) {
    this.pool = pool;
    this.reader = reader;
  }

  EventLoop loop() {
    return pool.loop();
  }

  AnswerReader reader() {
    return reader;
  }

  Channel channel() {
    return context().channel();
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return added;
  }

  /** Returns the index in the pool's list, or -1 before the pool has it. */
  int place() {
    return place;
  }

  void place(int index) {
    place = index;
  }

  int restedAt() {
    return restedAt;
  }

  void restAt(int tick) {
    restedAt = tick;
  }

  /** Ends its life at this tick: connections that began together do not end together. */
  void liveUntil(int tick) {
    lastTick = tick;
  }

  /**
   * Returns whether its life is over. It gives the peer's load balancer the chance to lead the next
   * one elsewhere, and lets nothing that leaks with a connection grow for ever.
   */
  boolean isTooOld(int tick) {
    return tick - lastTick >= 0;
  }

  boolean isOpen() {
    return !closed && channel().isActive();
  }

  /** Returns whether it carried a request before the present one. */
  boolean isReused() {
    return used;
  }

  /** Notes that what it is part of carried requests before. */
  void markUsed() {
    used = true;
  }

  /** Gives the answers that arrive from now on to this reply. */
  void serve(Reply next, HttpMethod method) {
    reply = next;
    progressAt = pool.tick();
    reader.expect(method);
    context().read();
  }

  void readMore() {
    context().read();
  }

  boolean isWritable() {
    return channel().isWritable();
  }

  ChannelFuture write(Object message) {
    progressAt = pool.tick();
    return context().write(message);
  }

  ChannelFuture writeAndFlush(Object message) {
    progressAt = pool.tick();
    return context().writeAndFlush(message);
  }

  void flush() {
    context().flush();
  }

  /** Ends the present attempt's use: back to the pool where it may carry another request. */
  void release(boolean reusable) {
    reply = null;
    used = true;
    if (!reusable || closed || !reader.mayServeAgain() || !channel().isActive()) {
      close();
      return;
    }
    context().read();
    pool.giveBack(this);
  }

  /** Closes it without a word to the reply, which knows. */
  void close() {
    reply = null;
    if (closed) {
      return;
    }
    closed = true;
    if (place >= 0) {
      pool.forget(this);
    }
    var _ = channel().close();
  }

  /** Closes it under whatever it carries. */
  void abort() {
    broken(AttemptFailure.Kind.RESET, "the gateway closes its connections");
  }

  /** Closes it because nobody wants the rest of its answer. */
  void cancelled() {
    Reply present = reply;
    close();
    if (present != null) {
      present.request().stop();
    }
  }

  /** Closes it and ends its answer with this error. */
  void breakOff(RuntimeException error) {
    Reply present = reply;
    close();
    if (present != null) {
      present.broken(error);
    }
  }

  /** Breaks off a passed-on answer or a request body that stands still; ends an idle life. */
  void check(int tick, int oldestAllowed) {
    Reply present = reply;
    if (present == null && isTooOld(tick)) {
      close();
    } else if (present != null && present.isPassedOn() && progressAt - oldestAllowed < 0) {
      broken(AttemptFailure.Kind.TIMEOUT, "no progress");
    }
  }

  private void broken(AttemptFailure.Kind kind, String reason) {
    Reply present = reply;
    close();
    if (present != null) {
      present.broken(kind, reason);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // A TLS handshake needs a reader before the first request.
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Reply present = reply;
    if (present == null) {
      ReferenceCountUtil.release(message);
      close();
      return;
    }
    progressAt = pool.tick();
    present.receive(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Reply present = reply;
    if (present != null) {
      present.endBurst();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Reply present = reply;
    if (present != null && ctx.channel().isWritable()) {
      present.request().writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    broken(AttemptFailure.Kind.RESET, "closed by the upstream");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof AttemptFailure failure) {
      breakOff(failure);
      return;
    }
    boolean unreadable =
        cause instanceof DecoderException && !(cause.getCause() instanceof IOException);
    broken(
        unreadable ? AttemptFailure.Kind.PROTOCOL : AttemptFailure.Kind.RESET,
        String.valueOf(cause.getMessage()));
  }
}
