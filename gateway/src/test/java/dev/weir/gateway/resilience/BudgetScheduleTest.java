package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Schedules;
import dev.weir.gateway.fixture.VirtualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of requests to one upstream that fails now little, now always: 3 s of virtual
 * time, up to two retries a request, each of which asks the budget.
 *
 * <p>Invariants: 1. When a retry begins, at most a fifth of the requests under way, or three where
 * that is more, are in one, itself included. 2. It is refused only where that many are. 3. Every
 * retry given is given back: at the end three may begin, and no fourth.
 */
class BudgetScheduleTest {
  private static final long LENGTH_MILLIS = 3_000;
  private static final int FLOOR = 3;

  @Test
  void everyScheduleKeepsTheInvariantsOfTheBudget() {
    Schedules.asked().check("retry budgets", seed -> new Run(seed).go());
  }

  private static final class Run {
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final RetryBudget budget = new RetryBudget("orders", new SimpleMeterRegistry());
    private int active;
    private int retrying;
    private int failing;

    Run(long seed) {
      random = new Random(seed);
    }

    void go() {
      time.after(0, this::demand);
      time.run();
      assertThat(active + retrying).isZero();
      for (int i = 0; i < FLOOR; i++) {
        assertThat(budget.tryRetry()).isTrue();
      }
      assertThat(budget.tryRetry()).isFalse();
    }

    private void demand() {
      if (time.now() < LENGTH_MILLIS) {
        failing = new int[] {0, 5, 50, 100}[random.nextInt(4)];
        int length = 20 + random.nextInt(500);
        int gap = 1 + random.nextInt(10);
        int work = 1 + random.nextInt(200);
        for (int at = 0; at < length; at += gap) {
          time.after(at, () -> begin(work));
        }
        time.after(length, this::demand);
      }
    }

    private void begin(int work) {
      budget.requestBegins();
      active++;
      time.after(random.nextInt(work + 1), () -> attempted(work, 2));
    }

    /** An attempt has ended; its retry, if there was one, has as well. */
    private void attempted(int work, int retriesLeft) {
      boolean fails = random.nextInt(100) < failing;
      if (!fails || retriesLeft == 0 || !mayRetry()) {
        budget.requestEnds();
        active--;
        return;
      }
      budget.retryBegins();
      time.after(
          random.nextInt(work + 1),
          () -> {
            budget.retryEnds();
            retrying--;
            attempted(work, retriesLeft - 1);
          });
    }

    private boolean mayRetry() {
      boolean hasRoom = retrying < Math.max(FLOOR, active / 5);
      assertThat(budget.tryRetry())
          .as("%d of %d in a retry at %d ms", retrying, active, time.now())
          .isEqualTo(hasRoom);
      retrying += hasRoom ? 1 : 0;
      return hasRoom;
    }
  }
}
