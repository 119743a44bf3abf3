package dev.weir.gateway.pipeline;

import io.netty.channel.EventLoop;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * Brings a result back to the request's event loop, whichever thread it arrives on. A result that
 * is there already passes straight through; the loop runs what is handed to it in order.
 */
final class EventLoopHop<T> extends MonoOperator<T, T> {
  private final EventLoop loop;

  EventLoopHop(Mono<? extends T> source, EventLoop loop) {
    super(source);
    this.loop = loop;
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> actual) {
    source.subscribe(new Hop<T>(actual, loop));
  }

  private static final class Hop<T> implements CoreSubscriber<T> {
    private final CoreSubscriber<? super T> actual;
    private final EventLoop loop;

    Hop(CoreSubscriber<? super T> actual, EventLoop loop) {
      this.actual = actual;
      this.loop = loop;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      actual.onSubscribe(subscription);
    }

    @Override
    public void onNext(T result) {
      run(() -> actual.onNext(result));
    }

    @Override
    public void onError(Throwable error) {
      run(() -> actual.onError(error));
    }

    @Override
    public void onComplete() {
      run(actual::onComplete);
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }

    private void run(Runnable step) {
      if (loop.inEventLoop()) {
        step.run();
      } else {
        loop.execute(step);
      }
    }
  }
}
