package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is known of one endpoint's health: its breaker, and how many attempts are in flight to it.
 *
 * <p>Shared by all event loops, and written by none for another to read while the endpoint is well:
 * an attempt costs a permission (one volatile read while closed), two steps of this loop's
 * in-flight count, one striped counter, and nothing in the breaker's window ({@link CalmWindow}).
 * Where the window holds a failure each attempt replaces it by one compare-and-set, which allocates
 * a few small objects. BreakerBench has the figures. The breaker's own event publisher stays
 * without listeners, as it would build an event for every call: changes of state are seen by
 * comparing it with the state last seen, after each step that can change it.
 */
final class EndpointBreaker {
  /** Slow calls are counted as failures here, under the one ratio of the policy. */
  private static final Duration NEVER_SLOW = Duration.ofDays(1);

  private final String upstream;
  private final Endpoint endpoint;
  private final String authority;
  private final BreakerPolicy policy;
  private final long slowNanos;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final TransitionLog transitions;
  private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
  private final Failure failure = new Failure();
  private final CalmWindow window;
  private final LoopCounts inFlight = new LoopCounts();
  private final AtomicReference<State> seen = new AtomicReference<>(State.CLOSED);

  /** When it half-opens, in the clock's milliseconds; written before {@link #seen} shows OPEN. */
  private volatile long opensUntilMillis;

  /** What the breaker asks for where it counts a failure; it says nothing, so one will do. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure() {
      super("failed", null, false, false);
    }
  }

  EndpointBreaker(BreakerKey key, MeterRegistry registry, Clock clock) {
    this.upstream = key.upstream();
    this.endpoint = key.endpoint();
    this.authority = endpoint.authority();
    this.policy = key.policy();
    this.slowNanos = policy.slowCall().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    this.clock = clock;
    this.transitions = new TransitionLog(upstream, authority, registry);
    this.breaker = CircuitBreaker.of(upstream + " " + authority, config(policy, clock));
    this.window = new CalmWindow(breaker, policy.window());
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, attempts(outcome, registry));
    }
  }

  private static CircuitBreakerConfig config(BreakerPolicy policy, Clock clock) {
    return CircuitBreakerConfig.custom()
        .failureRateThreshold((float) (policy.failureRatio() * 100))
        .slidingWindow(
            policy.window(),
            policy.minimumCalls(),
            SlidingWindowType.COUNT_BASED,
            SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .slowCallDurationThreshold(NEVER_SLOW)
        .waitDurationInOpenState(policy.openFor())
        .permittedNumberOfCallsInHalfOpenState(policy.halfOpenCalls())
        .clock(clock)
        .build();
  }

  private Counter attempts(Outcome outcome, MeterRegistry registry) {
    return Counter.builder(GatewayMetrics.ATTEMPTS)
        .tags("upstream", upstream, "endpoint", authority, "outcome", outcome.label())
        .register(registry);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  String authority() {
    return authority;
  }

  int inFlight() {
    return inFlight.sum();
  }

  /** Returns the attempts of this event loop in flight. */
  int inFlightHere() {
    return inFlight.get(LoopCounts.own());
  }

  /** Returns whether asking for a permission has a chance. */
  boolean mayPermit() {
    return seen.get() != State.OPEN || clock.millis() > opensUntilMillis;
  }

  /** Takes a permission, which has to be given back by {@link #end} or {@link #giveUp}. */
  boolean tryBegin() {
    boolean permitted = breaker.tryAcquirePermission();
    noteState();
    if (permitted) {
      inFlight.add(LoopCounts.own(), 1);
    }
    return permitted;
  }

  /** Gives a permission back that no attempt used. */
  void giveUp() {
    inFlight.add(LoopCounts.own(), -1);
    breaker.releasePermission();
  }

  /** Ends an attempt that was made. */
  void end(Outcome outcome, long nanos) {
    inFlight.add(LoopCounts.own(), -1);
    Outcome counted = outcome == Outcome.OK && nanos > slowNanos ? Outcome.SLOW : outcome;
    count(counted);
    switch (counted.weight()) {
      case SUCCESS -> {
        if (window.succeeded(nanos)) {
          noteState();
        }
      }
      case FAILURE -> {
        window.failed(nanos, failure);
        noteState();
      }
      case NONE -> breaker.releasePermission();
    }
  }

  private void count(Outcome outcome) {
    Counter counter = outcomes.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  /** Returns the time until it lets a probe through; zero where it may do so now. */
  Duration untilProbe() {
    if (seen.get() != State.OPEN) {
      return Duration.ZERO;
    }
    return Duration.ofMillis(Math.max(0, opensUntilMillis - clock.millis()));
  }

  /**
   * Returns the value of the state gauge: 0 closed, 1 half open, 2 open. Once the time is over the
   * next request may pass, although the library notes that only when it comes.
   */
  int stateNumber() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> clock.millis() > opensUntilMillis ? 1 : 2;
      case HALF_OPEN -> 1;
      case CLOSED, DISABLED, METRICS_ONLY -> 0;
    };
  }

  private void noteState() {
    State now = breaker.getState();
    State before = seen.get();
    if (now == before) {
      return;
    }
    if (now == State.OPEN) {
      opensUntilMillis = clock.millis() + policy.openFor().toMillis();
    }
    if (seen.compareAndSet(before, now)) {
      transitions.report(before, now);
    }
  }
}
