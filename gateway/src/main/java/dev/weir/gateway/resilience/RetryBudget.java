package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps retries from becoming a storm: of the requests under way to one upstream at most a fifth,
 * or three where that is more, may be in a retry. Shared by the event loops; a request without a
 * retry pays two steps of a striped counter, which is summed only when a retry asks.
 */
final class RetryBudget {
  private static final int FLOOR = 3;
  private static final int ONE_IN = 5;

  private final LongAdder active = new LongAdder();
  private final AtomicInteger retrying = new AtomicInteger();
  private final Counter retried;
  private final Counter exhausted;
  private final Counter notKept;

  RetryBudget(String upstream, MeterRegistry registry) {
    this.retried =
        registry.counter(GatewayMetrics.RETRIES, "upstream", upstream, "outcome", "retried");
    this.exhausted =
        registry.counter(
            GatewayMetrics.RETRIES, "upstream", upstream, "outcome", "budget_exhausted");
    this.notKept =
        registry.counter(GatewayMetrics.RETRIES, "upstream", upstream, "outcome", "not_kept");
  }

  void requestBegins() {
    active.increment();
  }

  void requestEnds() {
    active.decrement();
  }

  /** Takes the right to one retry, which has to be given back by {@link #retryEnds}. */
  boolean tryRetry() {
    long allowed = Math.max(FLOOR, active.sum() / ONE_IN);
    int now = retrying.get();
    while (now < allowed) {
      if (retrying.compareAndSet(now, now + 1)) {
        return true;
      }
      now = retrying.get();
    }
    exhausted.increment();
    return false;
  }

  /** Counts a retry that is really made. */
  void retryBegins() {
    retried.increment();
  }

  /** Counts a body that was to be kept for a retry, and for which there was no memory. */
  void noteNotKept() {
    notKept.increment();
  }

  void retryEnds() {
    retrying.decrementAndGet();
  }
}
