package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The answer to one request, as a Mono that is its own subscription and the subscriber of what it
 * asks. It is subscribed to once, and begun, ended and cancelled on the exchange's event loop.
 */
abstract class LoopMono extends Mono<UpstreamResponse>
    implements CoreSubscriber<UpstreamResponse>, Subscription {
  private final Exchange exchange;
  private @Nullable CoreSubscriber<? super UpstreamResponse> subscriber;
  private boolean started;
  private boolean over;

  LoopMono(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Asks; runs once, on the event loop. */
  abstract void begin();

  /** Nobody waits any more: stops what runs, and calls {@link #end}. */
  abstract void abandon();

  /** Gives back what is held; runs once, before the answer is passed on. */
  abstract void release();

  final Exchange exchange() {
    return exchange;
  }

  final boolean isStarted() {
    return started;
  }

  final boolean isOver() {
    return over;
  }

  final void deliver(UpstreamResponse response) {
    end();
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (actual != null) {
      actual.onNext(response);
      actual.onComplete();
    }
  }

  final void fail(Throwable error) {
    end();
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (actual != null) {
      actual.onError(error);
    }
  }

  final void end() {
    over = true;
    release();
  }

  @Override
  public final void subscribe(CoreSubscriber<? super UpstreamResponse> actual) {
    if (subscriber != null) {
      Operators.error(actual, new IllegalStateException("a request is sent once"));
      return;
    }
    subscriber = actual;
    actual.onSubscribe(this);
  }

  @Override
  public final void request(long n) {
    if (!Operators.validate(n) || started) {
      return;
    }
    if (!exchange.eventLoop().inEventLoop()) {
      exchange.eventLoop().execute(() -> request(n));
      return;
    }
    started = true;
    if (!over) {
      begin();
    }
  }

  @Override
  public final void cancel() {
    if (!exchange.eventLoop().inEventLoop()) {
      exchange.eventLoop().execute(this::cancel);
      return;
    }
    if (!over) {
      abandon();
    }
  }

  @Override
  public final Context currentContext() {
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    return actual == null ? Context.empty() : actual.currentContext();
  }

  /** What is asked answers or fails; its completion says nothing more. */
  @Override
  public final void onComplete() {}
}
