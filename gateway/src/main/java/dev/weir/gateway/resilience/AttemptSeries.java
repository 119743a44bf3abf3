package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.RetryPolicy.Cause;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;

/**
 * The attempts of one request, in a row until one answers or none is left.
 *
 * <p>It is its own Mono, its own subscription and the subscriber of each attempt, so a request
 * without a retry allocates this, one {@code Optional} and what the breaker allocates. All of it is
 * confined to the exchange's event loop. Every attempt that is begun ends exactly once, by answer,
 * failure or cancel: {@link #endAttempt} and {@link #abandon} are the only ways out, and both clear
 * {@code current}.
 */
final class AttemptSeries extends LoopMono implements Runnable {
  private final AttemptLoop loop;
  private @Nullable Subscription attempt;
  private @Nullable EndpointBreaker current;
  private @Nullable ScheduledFuture<?> backOff;
  private long begunNanos;
  private int made;
  private boolean holdsRetry;
  private boolean holdsPlace;
  private int place = UpstreamLimit.NO_PLACE;
  private boolean pausing;

  AttemptSeries(AttemptLoop loop, Exchange exchange) {
    super(exchange);
    this.loop = loop;
  }

  @Override
  void begin() {
    loop.budget().requestBegins();
    if (loop.remainingNanos(exchange()) <= 0) {
      fail(loop.tooLate(exchange()));
      return;
    }
    place = loop.waiting().tryBegin(exchange());
    if (place == UpstreamLimit.NO_PLACE) {
      fail(loop.overloaded());
      return;
    }
    if (!loop.bulkhead().tryEnter()) {
      fail(loop.refusals().full());
      return;
    }
    holdsPlace = loop.bulkhead().isBounded();
    Optional<EndpointBreaker> chosen = loop.choice().begin(exchange());
    if (chosen.isEmpty()) {
      fail(
          loop.choice().isEmpty()
              ? loop.refusals().unlocated()
              : loop.refusals().breakerOpen(loop.choice().retryAfterSeconds()));
      return;
    }
    attemptAt(chosen.get());
  }

  /** Returns the endpoint that is asked, or will be after a wait. */
  Optional<EndpointBreaker> underWay() {
    return Optional.ofNullable(current);
  }

  private void attemptAt(EndpointBreaker endpoint) {
    current = endpoint;
    made++;
    exchange().noteAttempt(endpoint.label());
    begunNanos = loop.now();
    loop.attempt(exchange(), endpoint.endpoint()).subscribe(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    attempt = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(UpstreamResponse response) {
    EndpointBreaker tried = current;
    if (isOver() || tried == null) {
      response.discard();
      return;
    }
    exchange().noteReached();
    Outcome outcome = Outcome.of(response);
    if (outcome != Outcome.OK) {
      endAttempt(tried, outcome);
      if (retries(RetryRules.causeOf(response.status()), true, tried)) {
        response.discard();
        tryAgain();
        return;
      }
    } else {
      long nanos = loop.now() - begunNanos;
      tried.answered(nanos);
      loop.waiting().note(exchange(), outcome, nanos);
      exchange().whenCompleted(tried.departure());
    }
    if (holdsPlace) {
      holdsPlace = false;
      exchange().whenCompleted(loop.bulkhead().departure());
    }
    exchange().noteEndpoint(tried.label());
    deliver(response);
  }

  @Override
  public void onError(Throwable error) {
    EndpointBreaker tried = current;
    if (isOver() || tried == null) {
      return;
    }
    endAttempt(tried, Outcome.of(error, loop.now() - begunNanos, loop.attemptNanos()));
    if (!(error instanceof AttemptFailure failure)) {
      fail(error);
      return;
    }
    if (failure.requestSent()) {
      exchange().noteReached();
    }
    if (retries(RetryRules.causeOf(failure), failure.requestSent(), tried)) {
      tryAgain();
      return;
    }
    boolean late =
        failure.kind() == AttemptFailure.Kind.TIMEOUT && loop.remainingNanos(exchange()) <= 0;
    fail(late ? loop.tooLate(exchange()) : loop.refusals().of(failure));
  }

  private void endAttempt(EndpointBreaker tried, Outcome outcome) {
    current = null;
    attempt = null;
    long nanos = loop.now() - begunNanos;
    tried.end(outcome, nanos);
    loop.waiting().note(exchange(), outcome, nanos);
    if (outcome.speaksAgainstEndpoint()) {
      loop.choice().noteFailure(tried);
    }
  }

  /**
   * Decides on a retry; where the answer is yes, a permission for it is held in {@code current}.
   */
  private boolean retries(Optional<Cause> cause, boolean sent, EndpointBreaker tried) {
    if (!loop.rules().allow(cause, made)
        || (sent && !exchange().isReplayable())
        || loop.remainingNanos(exchange()) <= 0
        || loop.doesWithoutRetry()) {
      return false;
    }
    EndpointBreaker next = loop.choice().beginAfter(exchange(), tried).orElse(null);
    if (next == null) {
      return false;
    }
    // The budget keeps a struggling upstream from being asked twice for everything. Where nothing
    // was
    // sent and another endpoint is asked, nobody does anything twice.
    if ((sent || next == tried) && !withinBudget()) {
      next.giveUp();
      return false;
    }
    current = next;
    // Once the request was sent to two endpoints, its failure is no longer that of one of them.
    pausing = next == tried || (sent && made > 1);
    return true;
  }

  private boolean withinBudget() {
    holdsRetry = holdsRetry || loop.budget().tryRetry();
    return holdsRetry;
  }

  private void tryAgain() {
    EndpointBreaker next = current;
    if (next == null) {
      return;
    }
    loop.budget().retryBegins();
    if (!pausing) {
      attemptAt(next);
      return;
    }
    long millis = Math.min(loop.backOffMillis(made), remainingMillis());
    backOff = exchange().eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
  }

  private long remainingMillis() {
    return TimeUnit.NANOSECONDS.toMillis(loop.remainingNanos(exchange()));
  }

  /** The back-off is over. */
  @Override
  public void run() {
    EndpointBreaker next = current;
    backOff = null;
    if (!isOver() && next != null) {
      attemptAt(next);
    }
  }

  @Override
  void abandon() {
    Subscription running = attempt;
    EndpointBreaker begun = current;
    ScheduledFuture<?> waiting = backOff;
    end();
    if (waiting != null) {
      waiting.cancel(false);
    }
    if (begun == null) {
      return;
    }
    if (running == null) {
      begun.giveUp();
      return;
    }
    running.cancel();
    begun.end(Outcome.CANCELLED, 0);
  }

  @Override
  void release() {
    current = null;
    attempt = null;
    if (isStarted()) {
      loop.budget().requestEnds();
    }
    if (holdsRetry) {
      loop.budget().retryEnds();
    }
    if (holdsPlace) {
      loop.bulkhead().leave();
    }
    if (place != UpstreamLimit.NO_PLACE) {
      loop.waiting().end(exchange(), place);
    }
  }
}
