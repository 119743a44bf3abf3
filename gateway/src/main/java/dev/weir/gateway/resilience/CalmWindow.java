package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the successes of a healthy endpoint away from its breaker's window, which all event loops
 * would have to replace for each of them.
 *
 * <p>While the window holds no failure, a success changes nothing that the breaker decides by. So
 * each loop only counts its successes, up to the size of the window, since as many fill it; once
 * there are that many nothing is written at all. The next failure hands them in before itself, so
 * the window is what it would have been had each been told at once, in the order in which they
 * ended. After that every success is told until the failures have left the window.
 *
 * <p><b>Memory visibility.</b> {@code calm} is cleared after a failure was told, and looked at once
 * more after it was set, so that of a failure and a success that end together neither leaves it set
 * with a failure in the window; and it counts for nothing unless the breaker is closed, so that a
 * probe is always told. A success counted in the instant in which it is cleared waits for the next
 * outcome; where the breaker has opened by then it is dropped, as it was no probe.
 */
final class CalmWindow {
  private final CircuitBreaker breaker;
  private final int size;
  private final LoopCounts untold = new LoopCounts();
  private volatile boolean calm = true;

  CalmWindow(CircuitBreaker breaker, int size) {
    this.breaker = breaker;
    this.size = size;
  }

  /** Notes a success; returns whether the breaker was told, so that its state may have changed. */
  boolean succeeded(long nanos) {
    if (calm && breaker.getState() == State.CLOSED) {
      int own = LoopCounts.own();
      if (untold.get(own) < size) {
        untold.add(own, 1);
      }
      return false;
    }
    handIn();
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    if (holdsNoFailure()) {
      calm = true;
      if (!holdsNoFailure()) {
        calm = false;
      }
    }
    return true;
  }

  void failed(long nanos, Throwable failure) {
    handIn();
    breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
    calm = false;
  }

  private void handIn() {
    int successes = 0;
    for (int place = 0; place < LoopCounts.size(); place++) {
      successes += untold.empty(place);
    }
    // As many fill the window; more would only push out the failures that other loops tell.
    int told = breaker.getState() == State.CLOSED ? Math.min(successes, size) : 0;
    for (int i = 0; i < told; i++) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }
  }

  private boolean holdsNoFailure() {
    return breaker.getState() == State.CLOSED && breaker.getMetrics().getNumberOfFailedCalls() == 0;
  }
}
