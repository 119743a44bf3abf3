package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalmWindowTest {
  private static final int SIZE = 20;
  private final RuntimeException failure = new RuntimeException("failed");

  private final CircuitBreaker breaker = breaker();
  private final CalmWindow window = new CalmWindow(breaker, SIZE);

  @Test
  void tellsTheBreakerNothingWhileAllIsWell() {
    for (int i = 0; i < 100; i++) {
      assertThat(window.succeeded(1)).isFalse();
    }
    assertThat(breaker.getMetrics().getNumberOfBufferedCalls()).isZero();
  }

  @Test
  void handsInWhatWentBeforeAFailure() {
    for (int i = 0; i < 100; i++) {
      assertThat(window.succeeded(1)).isFalse();
    }
    window.failed(1, failure);
    assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(SIZE - 1);
    assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    assertThat(window.succeeded(1)).isTrue();
  }

  @Test
  void isCalmAgainOnceTheFailureHasLeftTheWindow() {
    window.failed(1, failure);
    for (int i = 0; i < SIZE; i++) {
      assertThat(window.succeeded(1)).isTrue();
    }
    assertThat(window.succeeded(1)).isFalse();
  }

  @Test
  void countsTheSuccessesOfAllThreads() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      Thread loop = Thread.ofPlatform().start(() -> assertThat(window.succeeded(1)).isFalse());
      loop.join();
    }
    window.failed(1, failure);
    assertThat(breaker.getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(5);
  }

  /** Failures come alone and in rows, so that it opens, half-opens, closes and is calm in turn. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void decidesAsABreakerThatIsToldEverything(long seed) {
    Random random = new Random(seed);
    CircuitBreaker told = breaker();
    boolean ill = false;
    for (int step = 0; step < 20_000; step++) {
      ill = random.nextInt(50) == 0 ? random.nextInt(4) == 0 : ill;
      outcome(random.nextInt(100) < (ill ? 70 : 1), told);
      assertThat(breaker.getState()).isEqualTo(told.getState());
      if (told.getState() == CircuitBreaker.State.OPEN) {
        told.transitionToHalfOpenState();
        breaker.transitionToHalfOpenState();
        ill = random.nextBoolean();
      }
    }
  }

  private void outcome(boolean fails, CircuitBreaker told) {
    assertThat(breaker.tryAcquirePermission()).isEqualTo(told.tryAcquirePermission());
    if (fails) {
      told.onError(1, TimeUnit.NANOSECONDS, failure);
      window.failed(1, failure);
      return;
    }
    told.onSuccess(1, TimeUnit.NANOSECONDS);
    var _ = window.succeeded(1);
  }

  private static CircuitBreaker breaker() {
    return CircuitBreaker.of(
        "test",
        CircuitBreakerConfig.custom()
            .failureRateThreshold(50)
            .slidingWindow(
                SIZE,
                10,
                SlidingWindowType.COUNT_BASED,
                SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .waitDurationInOpenState(Duration.ofHours(1))
            .permittedNumberOfCallsInHalfOpenState(3)
            .build());
  }
}
