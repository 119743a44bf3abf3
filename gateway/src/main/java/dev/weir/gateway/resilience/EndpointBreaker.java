package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What is known of one endpoint's health: its breaker, and how many requests are under way to it,
 * from the attempt's begin to the last byte of its answer.
 *
 * <p>Shared by all event loops, and written by none for another to read while the endpoint is well:
 * an attempt costs a permission (one volatile read while closed), two steps of this loop's counts
 * of the endpoint and of the upstream, one striped counter, and nothing in the breaker's window
 * ({@link CalmWindow}). Where the window holds a failure each attempt replaces it by one
 * compare-and-set, which allocates a few small objects. BreakerBench has the figures. The breaker's
 * own event publisher stays without listeners, as it would build an event for every call: changes
 * of state are seen by comparing it with the state last seen, after each step that can change it.
 */
final class EndpointBreaker {
  /** Slow calls are counted as failures here, under the one ratio of the policy. */
  private static final Duration NEVER_SLOW = Duration.ofDays(1);

  private final String upstream;
  private final Endpoint endpoint;
  private final String label;
  private final BreakerPolicy policy;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final TransitionLog transitions;
  private final AttemptCounters attempts;
  private final Failure failure = new Failure();
  private final UnderWay underWay;
  private final CalmWindow window;
  private final long hash;
  private final AtomicReference<State> seen = new AtomicReference<>(State.CLOSED);

  /** Failed attempts since the last good one; a good one writes it only where it is not zero. */
  private final AtomicInteger failuresInARow = new AtomicInteger();

  private final RefusalRow refusals = new RefusalRow();

  /** Set while it takes less than its full share. */
  private volatile SlowStart slowStart = SlowStart.OVER;

  /** When it half-opens, in the clock's milliseconds; written before {@link #seen} shows OPEN. */
  private volatile long opensUntilMillis;

  /** What the breaker asks for where it counts a failure; it says nothing, so one will do. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure() {
      super("failed", null, false, false);
    }
  }

  /**
   * Makes the breaker of an endpoint.
   *
   * @param load what is under way to the whole upstream
   */
  EndpointBreaker(BreakerKey key, LoopCounts load, MeterRegistry registry, Clock clock) {
    this.upstream = key.upstream();
    this.endpoint = key.endpoint();
    this.label = endpoint.label();
    this.policy = key.policy();
    this.clock = clock;
    this.underWay = new UnderWay(load);
    this.hash = Mix.of(label);
    this.transitions = new TransitionLog(upstream, label, registry);
    this.breaker = CircuitBreaker.of(upstream + " " + label, config(policy, clock));
    this.window = new CalmWindow(breaker, policy.window());
    this.attempts = new AttemptCounters(upstream, label, policy, registry);
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

  Endpoint endpoint() {
    return endpoint;
  }

  boolean isAt(Endpoint other) {
    return endpoint.equals(other);
  }

  /** Returns what it is called in logs and meters. */
  String label() {
    return label;
  }

  /** Returns what goes into consistent hashing: the same in every process. */
  long hash() {
    return hash;
  }

  int inFlight() {
    return underWay.count();
  }

  /** Returns what is under way of this event loop's requests. */
  int inFlightHere() {
    return underWay.countHere();
  }

  /** Returns what has to run once when an answered request is over. */
  Runnable departure() {
    return underWay.departure();
  }

  /** Returns whether asking for a permission has a chance. */
  boolean mayPermit() {
    return seen.get() != State.OPEN || clock.millis() > opensUntilMillis;
  }

  /**
   * Takes a permission, which has to be given back by {@link #answered} and {@link #departure}, by
   * {@link #end} or by {@link #giveUp}.
   */
  boolean tryBegin() {
    boolean permitted = breaker.tryAcquirePermission();
    noteState();
    if (permitted) {
      underWay.arrive();
    }
    return permitted;
  }

  /** Gives a permission back that no attempt used. */
  void giveUp() {
    underWay.depart();
    breaker.releasePermission();
  }

  /** Ends an attempt of which nothing is to come. */
  void end(Outcome outcome, long nanos) {
    underWay.depart();
    judge(outcome, nanos);
  }

  /** Notes a good answer, which may still be long; its {@link #departure} is to run at its end. */
  void answered(long nanos) {
    judge(Outcome.OK, nanos);
  }

  private void judge(Outcome outcome, long nanos) {
    switch (attempts.count(outcome, nanos).weight()) {
      case SUCCESS -> {
        if (window.succeeded(nanos)) {
          noteState();
        }
        forgetRow();
        refusals.end();
      }
      case FAILURE -> fail(nanos);
      case REFUSAL -> {
        if (refusals.note(clock.millis())) {
          fail(nanos);
        } else {
          breaker.releasePermission();
        }
      }
      case NONE -> breaker.releasePermission();
    }
  }

  private void fail(long nanos) {
    window.failed(nanos, failure);
    failuresInARow.incrementAndGet();
    noteState();
  }

  int failuresInARow() {
    return failuresInARow.get();
  }

  void forgetRow() {
    if (failuresInARow.get() != 0) {
      failuresInARow.set(0);
    }
  }

  boolean isOpen() {
    return seen.get() == State.OPEN;
  }

  /** Begins with a small share, which grows to the full one within this time. */
  void startSlowly(Duration length) {
    long millis = length.toMillis();
    slowStart = millis == 0 ? SlowStart.OVER : new SlowStart(clock.millis(), millis);
  }

  /**
   * Returns which share of what would fall to it should, of {@link SlowStart#FULL}; reads the clock
   * only while it starts slowly.
   */
  int share() {
    SlowStart present = slowStart;
    if (present.lengthMillis() == 0) {
      return SlowStart.FULL;
    }
    int share = present.shareAt(clock.millis());
    if (share == SlowStart.FULL) {
      // Another loop may have begun one anew in between; that one then is cut short.
      slowStart = SlowStart.OVER;
    }
    return share;
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
