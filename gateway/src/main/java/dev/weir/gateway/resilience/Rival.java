package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * The second attempt of a {@link Race}. It holds a permission of its endpoint's breaker, a place in
 * the bulkhead and a share of the retry budget, and gives each back exactly once: {@link #end} and
 * a good answer are the only ways out.
 */
final class Rival implements CoreSubscriber<UpstreamResponse> {
  private final Race race;
  private final AttemptLoop loop;
  private final Exchange exchange;
  private final EndpointBreaker endpoint;
  private final int place;
  private @Nullable Subscription attempt;
  private long begunNanos;
  private boolean over;

  /**
   * Prepares the attempt.
   *
   * @param place among those who wait for the upstream
   */
  Rival(Race race, AttemptLoop loop, Exchange exchange, EndpointBreaker endpoint, int place) {
    this.race = race;
    this.loop = loop;
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.place = place;
  }

  void start() {
    exchange.noteAttempt(endpoint.label());
    begunNanos = loop.now();
    loop.attempt(exchange, endpoint.endpoint()).subscribe(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    attempt = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(UpstreamResponse response) {
    if (over) {
      response.discard();
      return;
    }
    Outcome outcome = Outcome.of(response);
    if (outcome != Outcome.OK) {
      response.discard();
      end(outcome);
      race.rivalFailed();
      return;
    }
    over = true;
    long nanos = loop.now() - begunNanos;
    loop.budget().retryEnds();
    loop.waitingAgain().end(exchange, place);
    loop.waiting().note(exchange, outcome, nanos);
    endpoint.answered(nanos);
    exchange.whenCompleted(endpoint.departure());
    exchange.whenCompleted(loop.bulkhead().departure());
    exchange.noteEndpoint(endpoint.label());
    race.rivalAnswered(response);
  }

  @Override
  public void onError(Throwable error) {
    if (!over) {
      end(Outcome.of(error, loop.now() - begunNanos, loop.attemptNanos()));
      race.rivalFailed();
    }
  }

  /** An attempt answers or fails; its completion says nothing more. */
  @Override
  public void onComplete() {}

  void cancel() {
    Subscription running = attempt;
    if (over) {
      return;
    }
    end(Outcome.CANCELLED);
    if (running != null) {
      running.cancel();
    }
  }

  private void end(Outcome outcome) {
    over = true;
    long nanos = loop.now() - begunNanos;
    loop.budget().retryEnds();
    loop.waitingAgain().end(exchange, place);
    loop.bulkhead().leave();
    loop.waiting().note(exchange, outcome, nanos);
    endpoint.end(outcome, nanos);
    if (outcome.speaksAgainstEndpoint()) {
      loop.choice().noteFailure(endpoint);
    }
  }
}
