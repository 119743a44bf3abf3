package dev.weir.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * An answer's body that is still coming, for one subscriber.
 *
 * <p>The connection is read only when the subscriber wants more than is held here, so at most one
 * read burst is held whatever the upstream sends and however slowly the client reads. Runs on the
 * connection's event loop; calls from elsewhere are taken there. Allocates nothing per buffer.
 */
final class ResponseStream extends Flux<ByteBuf> implements Subscription {
  private final EventLoop loop;
  private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(4);
  private @Nullable Connection connection;
  private @Nullable CoreSubscriber<? super ByteBuf> subscriber;
  private @Nullable RuntimeException error;
  private long wanted;
  private boolean complete;
  private boolean finished;
  private boolean draining;

  ResponseStream(EventLoop loop, Connection connection) {
    this.loop = loop;
    this.connection = connection;
  }

  /** Takes over a buffer. */
  void offer(ByteBuf bytes) {
    if (finished) {
      bytes.release();
      return;
    }
    held.addLast(bytes);
  }

  /** Passes on what a burst brought; with {@code last} the connection is no longer ours. */
  void burstEnded(boolean last) {
    if (last) {
      connection = null;
      complete = true;
    }
    drain();
  }

  /** Ends with an error after what is held; the connection is closed. */
  void broken(RuntimeException cause) {
    connection = null;
    error = cause;
    complete = true;
    if (subscriber == null) {
      // Nobody may ever come for it.
      releaseHeld();
    }
    drain();
  }

  @Override
  public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> subscribe(actual));
      return;
    }
    if (subscriber != null) {
      Operators.error(actual, new IllegalStateException("the body can be read once"));
      return;
    }
    subscriber = actual;
    actual.onSubscribe(this);
    drain();
  }

  @Override
  public void request(long n) {
    if (!Operators.validate(n)) {
      return;
    }
    if (!loop.inEventLoop()) {
      loop.execute(() -> request(n));
      return;
    }
    wanted = Operators.addCap(wanted, n);
    drain();
  }

  @Override
  public void cancel() {
    if (!loop.inEventLoop()) {
      loop.execute(this::cancel);
      return;
    }
    if (finished) {
      return;
    }
    finished = true;
    releaseHeld();
    Connection ours = connection;
    connection = null;
    if (ours != null) {
      ours.cancelled();
    }
  }

  private void drain() {
    CoreSubscriber<? super ByteBuf> actual = subscriber;
    if (actual == null || draining || finished) {
      return;
    }
    draining = true;
    while (wanted > 0 && !held.isEmpty()) {
      if (wanted != Long.MAX_VALUE) {
        wanted--;
      }
      actual.onNext(held.removeFirst());
    }
    draining = false;
    if (held.isEmpty() && !finished) {
      readOrFinish(actual);
    }
  }

  private void readOrFinish(CoreSubscriber<? super ByteBuf> actual) {
    if (!complete) {
      Connection ours = connection;
      if (wanted > 0 && ours != null) {
        ours.readMore();
      }
      return;
    }
    finished = true;
    RuntimeException cause = error;
    if (cause != null) {
      actual.onError(cause);
    } else {
      actual.onComplete();
    }
  }

  private void releaseHeld() {
    held.forEach(ByteBuf::release);
    held.clear();
  }
}
