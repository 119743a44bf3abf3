package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Writes one request to one connection: a head alone in one write, or a head and its body as that
 * arrives.
 *
 * <p>One buffer is asked for at a time and only while the socket takes more, so at most the
 * channel's high-water mark and one buffer are held. A body that does not keep to its
 * Content-Length would be read as the next request by the upstream, so it breaks the attempt
 * instead.
 */
final class RequestWriter implements CoreSubscriber<ByteBuf>, ChannelFutureListener {
  private static final long UNKNOWN_LENGTH = -1;

  /** A source that never runs dry must not keep the event loop to itself. */
  private static final int BUFFERS_PER_TURN = 16;

  private final Attempt attempt;
  private final Connection connection;
  private @Nullable Subscription source;
  private long length = UNKNOWN_LENGTH;
  private long taken;
  private int buffers;
  private boolean asked;
  private boolean done;
  private @Nullable ChannelFuture lastWrite;
  private boolean written;

  RequestWriter(Attempt attempt, Connection connection) {
    this.attempt = attempt;
    this.connection = connection;
  }

  /** Writes the head, and what follows it. */
  void send(Exchange exchange) {
    HttpRequest request = RequestHeads.of(exchange, attempt.authority());
    if (!exchange.body().present()) {
      done = true;
      finishWith(request);
      return;
    }
    length = HttpUtil.getContentLength(request, UNKNOWN_LENGTH);
    connection.write(request).addListener(this);
    exchange.body().content().subscribe(this);
    connection.flush();
  }

  /** Returns whether the socket has taken the whole request. */
  boolean isWritten() {
    return written;
  }

  /** Returns whether the next step is the client's: the socket takes more of its body. */
  boolean awaitsClient() {
    return !done && asked;
  }

  /** Asks for the next buffer where the socket takes it. */
  void writable() {
    Subscription body = source;
    if (!done && !asked && body != null && connection.isWritable()) {
      asked = true;
      body.request(1);
    }
  }

  /** Wants no more of the body. */
  void stop() {
    Subscription body = source;
    if (!done) {
      done = true;
      if (body != null) {
        body.cancel();
      }
    }
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    if (done) {
      subscription.cancel();
      return;
    }
    source = subscription;
    writable();
  }

  @Override
  public void onNext(ByteBuf bytes) {
    asked = false;
    if (done) {
      bytes.release();
      return;
    }
    taken += bytes.readableBytes();
    if (length != UNKNOWN_LENGTH && taken > length) {
      bytes.release();
      stop();
      attempt.bodyFailed(mismatch());
      return;
    }
    connection.writeAndFlush(new DefaultHttpContent(bytes)).addListener(this);
    if (++buffers % BUFFERS_PER_TURN == 0) {
      connection.loop().execute(this::writable);
    } else {
      writable();
    }
  }

  @Override
  public void onError(Throwable error) {
    if (!done) {
      done = true;
      attempt.bodyFailed(error);
    }
  }

  @Override
  public void onComplete() {
    if (done) {
      return;
    }
    done = true;
    if (length != UNKNOWN_LENGTH && taken != length) {
      attempt.bodyFailed(mismatch());
      return;
    }
    finishWith(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  private void finishWith(Object end) {
    ChannelFuture write = connection.writeAndFlush(end);
    lastWrite = write;
    write.addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    if (!future.isSuccess()) {
      stop();
      attempt.writeFailed(future.cause());
      return;
    }
    written |= future.equals(lastWrite);
  }

  private static AttemptFailure mismatch() {
    return new AttemptFailure(
        AttemptFailure.Kind.REQUEST_ABORTED, true, "the body does not match its Content-Length");
  }
}
