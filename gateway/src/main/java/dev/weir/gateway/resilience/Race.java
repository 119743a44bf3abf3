package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A read whose attempts get a rival when they take longer than most: the first good answer wins,
 * the other is cancelled, which closes its connection. What is no answer waits for the other one.
 *
 * <p>Costs a timer task and this, where its route hedges. All of it is confined to the exchange's
 * event loop. Of the first attempts' latencies the {@link LatencyWindow} learns; one that lost is
 * counted with what it took until then, which is above the percentile like the truth, so winning
 * rivals do not make it look faster than it is.
 */
final class Race extends Mono<UpstreamResponse>
    implements CoreSubscriber<UpstreamResponse>, Subscription, Runnable {
  private final AttemptLoop loop;
  private final Hedging hedging;
  private final Exchange exchange;
  private final AttemptSeries series;
  private final LatencyWindow window;
  private @Nullable CoreSubscriber<? super UpstreamResponse> subscriber;
  private @Nullable Subscription first;
  private @Nullable Rival rival;
  private @Nullable UpstreamResponse unwell;
  private @Nullable Throwable failure;
  private @Nullable ScheduledFuture<?> timer;
  private long begunNanos;
  private boolean started;
  private boolean firstDone;
  private boolean over;

  Race(AttemptLoop loop, Hedging hedging, Exchange exchange) {
    this.loop = loop;
    this.hedging = hedging;
    this.exchange = exchange;
    this.series = new AttemptSeries(loop, exchange);
    this.window = hedging.window(exchange);
  }

  @Override
  public void subscribe(CoreSubscriber<? super UpstreamResponse> actual) {
    if (subscriber != null) {
      Operators.error(actual, new IllegalStateException("a request is sent once"));
      return;
    }
    subscriber = actual;
    actual.onSubscribe(this);
  }

  @Override
  public void request(long n) {
    if (!Operators.validate(n) || started) {
      return;
    }
    if (!exchange.eventLoop().inEventLoop()) {
      exchange.eventLoop().execute(() -> request(n));
      return;
    }
    started = true;
    if (over) {
      return;
    }
    begunNanos = loop.now();
    series.subscribe(this);
    long wait = window.threshold();
    if (!over && !firstDone && wait < loop.remainingNanos(exchange)) {
      timer = exchange.eventLoop().schedule(this, wait, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public Context currentContext() {
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    return actual == null ? Context.empty() : actual.currentContext();
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    first = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  /** It takes longer than most. */
  @Override
  public void run() {
    timer = null;
    Optional<EndpointBreaker> tried = series.underWay();
    if (over || firstDone || tried.isEmpty()) {
      return;
    }
    if (!loop.budget().tryRetry()) {
      hedging.noteExhausted();
      return;
    }
    if (!loop.bulkhead().tryEnter()) {
      loop.budget().retryEnds();
      return;
    }
    Optional<EndpointBreaker> other = loop.choice().beginOther(exchange, tried.get());
    if (other.isEmpty()) {
      loop.bulkhead().leave();
      loop.budget().retryEnds();
      return;
    }
    Rival begun = new Rival(this, loop, exchange, other.get());
    rival = begun;
    begun.start();
  }

  @Override
  public void onNext(UpstreamResponse response) {
    firstDone = true;
    if (over) {
      response.discard();
      return;
    }
    boolean well = !Outcome.isUnwell(response.status());
    if (well) {
      window.note(loop.now() - begunNanos);
    }
    Rival running = rival;
    if (running != null && !well) {
      unwell = response;
      return;
    }
    if (running != null) {
      rival = null;
      hedging.noteLost();
      running.cancel();
    }
    deliver(response);
  }

  @Override
  public void onError(Throwable error) {
    firstDone = true;
    failure = error;
    if (!over && rival == null) {
      fail(error);
    }
  }

  /** The series answers or fails; its completion says nothing more. */
  @Override
  public void onComplete() {}

  void rivalAnswered(UpstreamResponse response) {
    rival = null;
    Subscription running = first;
    if (over) {
      response.discard();
      return;
    }
    hedging.noteWon();
    if (!firstDone) {
      window.note(loop.now() - begunNanos);
      firstDone = true;
      if (running != null) {
        running.cancel();
      }
    }
    dropUnwell();
    deliver(response);
  }

  /** The rival will not answer: whatever the first attempts came to, or will come to, counts. */
  void rivalFailed() {
    rival = null;
    hedging.noteLost();
    UpstreamResponse answer = unwell;
    Throwable error = failure;
    if (over) {
      return;
    }
    if (answer != null) {
      unwell = null;
      deliver(answer);
    } else if (error != null) {
      fail(error);
    }
  }

  @Override
  public void cancel() {
    if (!exchange.eventLoop().inEventLoop()) {
      exchange.eventLoop().execute(this::cancel);
      return;
    }
    if (over) {
      return;
    }
    finish();
    Subscription running = first;
    Rival second = rival;
    if (running != null && !firstDone) {
      running.cancel();
    }
    if (second != null) {
      second.cancel();
    }
    dropUnwell();
  }

  private void dropUnwell() {
    UpstreamResponse answer = unwell;
    unwell = null;
    if (answer != null) {
      answer.discard();
    }
  }

  private void deliver(UpstreamResponse response) {
    finish();
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (actual != null) {
      actual.onNext(response);
      actual.onComplete();
    }
  }

  private void fail(Throwable error) {
    finish();
    CoreSubscriber<? super UpstreamResponse> actual = subscriber;
    if (actual != null) {
      actual.onError(error);
    }
  }

  private void finish() {
    over = true;
    ScheduledFuture<?> waiting = timer;
    timer = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
