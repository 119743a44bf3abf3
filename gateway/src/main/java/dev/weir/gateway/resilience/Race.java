package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * A read whose attempts get a rival when they take longer than most: the first good answer wins,
 * the other is cancelled, which closes its connection. What is no answer waits for the other one.
 *
 * <p>Costs a timer task and this, where its route hedges. All of it is confined to the exchange's
 * event loop. Of the first attempts' latencies the {@link LatencyWindow} learns; one that lost is
 * counted with what it took until then, which is above the percentile like the truth, so winning
 * rivals do not make it look faster than it is.
 */
final class Race extends LoopMono implements Runnable {
  private final AttemptLoop loop;
  private final Hedging hedging;
  private final AttemptSeries series;
  private final LatencyWindow window;
  private @Nullable Subscription first;
  private @Nullable Rival rival;
  private @Nullable UpstreamResponse unwell;
  private @Nullable Throwable failure;
  private @Nullable ScheduledFuture<?> timer;
  private long begunNanos;
  private boolean firstDone;

  Race(AttemptLoop loop, Hedging hedging, Exchange exchange) {
    super(exchange);
    this.loop = loop;
    this.hedging = hedging;
    this.series = new AttemptSeries(loop, exchange);
    this.window = hedging.window(exchange);
  }

  @Override
  void begin() {
    begunNanos = loop.now();
    series.subscribe(this);
    long wait = window.threshold();
    if (!isOver() && !firstDone && wait < loop.remainingNanos(exchange())) {
      timer = exchange().eventLoop().schedule(this, wait, TimeUnit.NANOSECONDS);
    }
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
    if (isOver() || firstDone || tried.isEmpty()) {
      return;
    }
    if (!loop.budget().tryRetry()) {
      hedging.noteExhausted();
      return;
    }
    int place = loop.waitingAgain().tryBegin(exchange());
    if (place == UpstreamLimit.NO_PLACE) {
      loop.budget().retryEnds();
      return;
    }
    if (!loop.bulkhead().tryEnter()) {
      loop.waitingAgain().end(exchange(), place);
      loop.budget().retryEnds();
      return;
    }
    Optional<EndpointBreaker> other = loop.choice().beginOther(exchange(), tried.get());
    if (other.isEmpty()) {
      loop.waitingAgain().end(exchange(), place);
      loop.bulkhead().leave();
      loop.budget().retryEnds();
      return;
    }
    Rival begun = new Rival(this, loop, exchange(), other.get(), place);
    rival = begun;
    begun.start();
  }

  @Override
  public void onNext(UpstreamResponse response) {
    firstDone = true;
    if (isOver()) {
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
    if (!isOver() && rival == null) {
      fail(error);
    }
  }

  void rivalAnswered(UpstreamResponse response) {
    rival = null;
    Subscription running = first;
    if (isOver()) {
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
    if (isOver()) {
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
  void abandon() {
    end();
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

  @Override
  void release() {
    ScheduledFuture<?> waiting = timer;
    timer = null;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }
}
