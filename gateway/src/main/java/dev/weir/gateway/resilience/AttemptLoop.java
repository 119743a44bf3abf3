package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.DeadlineField;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Sends a route's requests to its upstream: deadline, choice of endpoint, breaker, retry.
 *
 * <p>Made once per route and generation; everything that depends on the route alone is here, what a
 * request adds is one {@link AttemptSeries}. Shared by all event loops and immutable but for the
 * breakers and the budget, which are shared by design.
 */
public final class AttemptLoop {
  private final Route route;
  private final AttemptTransport transport;
  private final EndpointChoice choice;
  private final RetryBudget budget;
  private final Bulkhead bulkhead;
  private final Waiting waiting;
  private final Waiting waitingAgain;
  private final Optional<Hedging> hedging;
  private final Without withoutRetry;
  private final Without withoutHedge;
  private final RetryRules rules;
  private final Repeatability repeatability;
  private final RouteRefusals refusals;
  private final long deadlineNanos;
  private final long attemptNanos;
  private final int backOffMillis;
  private final IntUnaryOperator random;
  private final LongSupplier ticker;

  /** Builds the loop of one route. */
  public AttemptLoop(Route route, AttemptTransport transport, Breakers breakers) {
    this(
        route,
        transport,
        breakers,
        bound -> ThreadLocalRandom.current().nextInt(bound),
        System::nanoTime);
  }

  AttemptLoop(
      Route route,
      AttemptTransport transport,
      Breakers breakers,
      IntUnaryOperator random,
      LongSupplier ticker) {
    this.route = route;
    this.transport = transport;
    this.choice =
        new EndpointChoice(
            breakers.roster(route.upstream()),
            Balancer.of(
                route.upstream().selection().balance(), random, breakers.load(route.upstream())),
            random);
    this.budget = breakers.budget(route.upstream());
    this.bulkhead = breakers.bulkhead(route.upstream());
    this.waiting = new Waiting(breakers.limit(route.upstream()), route.priority());
    this.waitingAgain = waiting.ofTheLast();
    this.hedging =
        route
            .hedge()
            .map(hedge -> new Hedging(hedge, route.upstream().name(), breakers.registry()));
    DoubleSupplier pressure = () -> waiting.isPressed() ? 1 : breakers.pressure();
    this.withoutRetry = new Without(BrownOut.RETRY, route, pressure, breakers.registry());
    this.withoutHedge = new Without(BrownOut.HEDGE, route, pressure, breakers.registry());
    this.rules = new RetryRules(route.retry());
    this.repeatability = new Repeatability(route.retry(), breakers.keptBytes(), budget);
    this.backOffMillis = Math.toIntExact(route.retry().backOff().toMillis());
    this.refusals = new RouteRefusals(route);
    this.deadlineNanos = route.deadline().toNanos();
    this.attemptNanos = route.attemptTimeout().toNanos();
    this.random = random;
    this.ticker = ticker;
  }

  /**
   * Sends the request and answers with the upstream's response head, on the exchange's event loop.
   * Fails with a {@link dev.weir.gateway.exchange.RefusedException}. A 502, 503 or 504 of the
   * upstream itself is passed on as it is once no attempt is left.
   */
  public Mono<UpstreamResponse> send(Exchange exchange) {
    if (hedging.isPresent() && hedging.get().fits(exchange) && !withoutHedge.applies()) {
      return new Race(this, hedging.get(), exchange);
    }
    repeatability.note(exchange);
    AttemptSeries series = new AttemptSeries(this, exchange);
    if (!repeatability.keeps(exchange)) {
      return series;
    }
    long nanos = Math.max(1, remainingNanos(exchange));
    return repeatability.keep(exchange, Duration.ofNanos(nanos)).then(series);
  }

  EndpointChoice choice() {
    return choice;
  }

  RetryBudget budget() {
    return budget;
  }

  Bulkhead bulkhead() {
    return bulkhead;
  }

  /** Returns how its requests wait. */
  Waiting waiting() {
    return waiting;
  }

  /** Returns how second attempts of its reads wait. */
  Waiting waitingAgain() {
    return waitingAgain;
  }

  /** Returns whether the route does without retries at this moment. */
  boolean doesWithoutRetry() {
    return withoutRetry.applies();
  }

  /** Returns what is said to whom there is no place. */
  RefusedException overloaded() {
    return refusals.overloaded(random);
  }

  RetryRules rules() {
    return rules;
  }

  RouteRefusals refusals() {
    return refusals;
  }

  long now() {
    return ticker.getAsLong();
  }

  /** Returns what is left of the route's deadline, or of the caller's where that is sooner. */
  long remainingNanos(Exchange exchange) {
    long allowed = Math.min(deadlineNanos, exchange.head().allowedNanos());
    return allowed - (now() - exchange.startedNanos());
  }

  /** Returns what is said once no time is left. */
  RefusedException tooLate(Exchange exchange) {
    return exchange.head().allowedNanos() < deadlineNanos
        ? refusals.callerDeadline()
        : refusals.deadline();
  }

  /**
   * Returns the wait after this many attempts: anything below a bound that doubles each time, so
   * that what failed together does not come back together.
   */
  long backOffMillis(int attempts) {
    int bound = backOffMillis << (attempts - 1);
    return bound == 0 ? 0 : 1L + random.applyAsInt(bound);
  }

  /** Returns the route's time-out of one attempt. */
  long attemptNanos() {
    return attemptNanos;
  }

  /**
   * Makes one attempt, bounded by the shorter of attempt timeout and what is left. The upstream
   * hears of that bound: past it nobody reads its answer.
   */
  Mono<UpstreamResponse> attempt(Exchange exchange, Endpoint endpoint) {
    long remaining = remainingNanos(exchange);
    DeadlineField.write(exchange.headers(), Math.clamp(remaining, 1, attemptNanos));
    Duration timeout =
        remaining >= attemptNanos
            ? route.attemptTimeout()
            : Duration.ofNanos(Math.max(1, remaining));
    return transport.attempt(exchange, route.upstream(), endpoint, timeout);
  }
}
