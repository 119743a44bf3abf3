package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One request to one endpoint, once: from the wait for a connection to the response head.
 *
 * <p>It is its own Mono, subscription and timer task, so a request without a body that finds an
 * idle connection allocates this, a {@link RequestWriter}, a {@link Reply}, the request head, one
 * write promise and one timer task; no operator chain and no lambda runs. All of it is confined to
 * the exchange's event loop.
 *
 * <p>A pooled connection may have been closed by its peer in the moment it was taken. Where it
 * breaks before any byte of an answer, and the request may be sent twice (RFC 9110 §9.2.2, RFC 9112
 * §9.3.1), it is sent once more on a new connection within the same time bound: no fault of the
 * upstream, so nobody counts it. So is whatever request an HTTP/2 peer says it never looked at (RFC
 * 9113 §8.7), as long as its body is still here.
 */
final class Attempt extends Mono<UpstreamResponse> implements Subscription, Runnable {

  private enum Phase {
    NEW,
    WAITING,
    SENT,
    OVER
  }

  private final Exchange exchange;
  private final Pool pool;
  private final Duration timeout;
  private @Nullable CoreSubscriber<? super UpstreamResponse> subscriber;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Connection connection;
  private @Nullable RequestWriter writer;
  private Phase phase = Phase.NEW;
  private long expiresNanos;
  private boolean replayed;

  Attempt(Exchange exchange, Pool pool, Duration timeout) {
    this.exchange = exchange;
    this.pool = pool;
    this.timeout = timeout;
  }

  String authority() {
    return pool.authority();
  }

  @Override
  public void subscribe(CoreSubscriber<? super UpstreamResponse> actual) {
    if (subscriber != null) {
      Operators.error(actual, new IllegalStateException("an attempt is made once"));
      return;
    }
    subscriber = actual;
    actual.onSubscribe(this);
  }

  @Override
  public void request(long n) {
    if (!Operators.validate(n)) {
      return;
    }
    if (pool.loop().inEventLoop()) {
      start();
    } else {
      pool.loop().execute(this::start);
    }
  }

  private void start() {
    if (phase == Phase.NEW) {
      expiresNanos = System.nanoTime() + timeout.toNanos();
      phase = Phase.WAITING;
      pool.acquire(this);
      scheduleWait();
    }
  }

  /** Waiting longer for a connection than building one may take is of no use. */
  private void scheduleWait() {
    if (phase == Phase.WAITING) {
      long connectNanos = pool.key().policy().connectTimeout().toNanos();
      schedule(Math.min(connectNanos, expiresNanos - System.nanoTime()));
    }
  }

  private void schedule(long nanos) {
    timer = pool.loop().schedule(this, nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    ScheduledFuture<?> running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }

  /** Gets a connection, which is its own until the answer ends. */
  void granted(Connection ours) {
    cancelTimer();
    phase = Phase.SENT;
    connection = ours;
    schedule(expiresNanos - System.nanoTime());
    RequestWriter sending = new RequestWriter(this, ours);
    writer = sending;
    ours.serve(new Reply(this, sending, ours), exchange.method());
    try {
      sending.send(exchange);
    } catch (RuntimeException e) {
      // Netty refuses a head that it could not encode by throwing; no one above would hear of it.
      ours.breakOff(unencodable());
    }
  }

  private static AttemptFailure unencodable() {
    return new AttemptFailure(AttemptFailure.Kind.PROTOCOL, false, "request cannot be encoded");
  }

  /** A broken pipe may still hold the answer that explains it; the read side will tell. */
  void writeFailed(Throwable cause) {
    Connection ours = connection;
    if (ours != null
        && phase == Phase.SENT
        && !(cause instanceof IOException)
        && !ours.reader().isRefused()) {
      ours.breakOff(
          cause instanceof HeaderListSizeException
              ? RefusedException.headTooLong()
              : unencodable());
    }
  }

  /** Hears that the client's body broke off; that is the client's doing, so it ends everything. */
  void bodyFailed(Throwable cause) {
    Connection ours = connection;
    if (ours != null) {
      ours.breakOff(aborted(cause));
    }
  }

  private static RuntimeException aborted(Throwable cause) {
    if (cause instanceof RefusedException || cause instanceof AttemptFailure) {
      return (RuntimeException) cause;
    }
    return new AttemptFailure(
        AttemptFailure.Kind.REQUEST_ABORTED, true, String.valueOf(cause.getMessage()));
  }

  /** Hears that the pool has no connection for it. */
  void refused(AttemptFailure.Kind kind, String reason) {
    fail(new AttemptFailure(kind, false, reason));
  }

  /** Hears that the connection broke before a head could be passed on. */
  void lost(RuntimeException cause, boolean stale) {
    if (phase != Phase.SENT) {
      return;
    }
    connection = null;
    boolean unprocessed =
        isReset(cause) && cause instanceof AttemptFailure failure && !failure.requestSent();
    boolean again = unprocessed ? hasBody() : stale && isReset(cause) && exchange.isReplayable();
    if (!again || replayed) {
      fail(unprocessed && !hasBody() ? begun(cause) : cause);
      return;
    }
    replayed = true;
    cancelTimer();
    phase = Phase.WAITING;
    pool.acquireFresh(this);
    scheduleWait();
  }

  /** Returns whether the whole request can still be sent. */
  private boolean hasBody() {
    return !exchange.body().present() || exchange.body().kept();
  }

  /** Nobody can send it again, though nobody processed it: some of its body is gone. */
  private static AttemptFailure begun(RuntimeException cause) {
    return new AttemptFailure(AttemptFailure.Kind.RESET, true, String.valueOf(cause.getMessage()));
  }

  private static boolean isReset(RuntimeException cause) {
    return cause instanceof AttemptFailure failure && failure.kind() == AttemptFailure.Kind.RESET;
  }

  /** Passes the head on. The body, where it is still coming, no longer needs this. */
  void answered(UpstreamResponse response) {
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (phase != Phase.SENT || actual == null) {
      response.discard();
      return;
    }
    phase = Phase.OVER;
    cancelTimer();
    actual.onNext(response);
    actual.onComplete();
  }

  private void fail(RuntimeException cause) {
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (phase != Phase.OVER && actual != null) {
      phase = Phase.OVER;
      cancelTimer();
      actual.onError(cause);
    }
  }

  /** The timer went off. */
  @Override
  public void run() {
    Phase before = phase;
    RequestWriter sending = writer;
    boolean clientIsSlow = sending != null && sending.awaitsClient();
    Connection ours = connection;
    if (before == Phase.SENT && !clientIsSlow && ours != null) {
      ours.reader().noteTimeout();
    }
    abandon();
    if (before == Phase.SENT) {
      fail(
          clientIsSlow
              ? RefusedException.bodyTooSlow()
              : new AttemptFailure(AttemptFailure.Kind.TIMEOUT, true, "no answer in time"));
    } else if (before == Phase.WAITING) {
      fail(new AttemptFailure(waitedFor(), false, "no connection in time"));
    }
  }

  private AttemptFailure.Kind waitedFor() {
    if (expiresNanos - System.nanoTime() <= 0) {
      return AttemptFailure.Kind.TIMEOUT;
    }
    return pool.isConnecting()
        ? AttemptFailure.Kind.CONNECT_FAILED
        : AttemptFailure.Kind.POOL_EXHAUSTED;
  }

  @Override
  public void cancel() {
    if (!pool.loop().inEventLoop()) {
      pool.loop().execute(this::cancel);
      return;
    }
    if (phase != Phase.OVER) {
      abandon();
      cancelTimer();
      phase = Phase.OVER;
    }
  }

  /** Leaves the queue, or closes the connection that an answer may still come on. */
  private void abandon() {
    Connection ours = connection;
    if (phase == Phase.WAITING) {
      pool.leave(this);
    } else if (phase == Phase.SENT && ours != null) {
      connection = null;
      ours.cancelled();
    }
  }
}
