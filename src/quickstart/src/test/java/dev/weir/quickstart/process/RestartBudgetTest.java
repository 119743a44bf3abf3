package dev.weir.quickstart.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class RestartBudgetTest {
  private final AtomicLong clock = new AtomicLong();
  private final RestartBudget budget = new RestartBudget(2, Duration.ofMinutes(1), clock::get);

  @Test
  void refusesTheRestartBeyondTheWindowsShare() {
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
  }

  @Test
  void grantsAgainOnceTheOldestLeavesTheWindow() {
    budget.take();
    clock.addAndGet(Duration.ofSeconds(30).toNanos());
    budget.take();
    clock.addAndGet(Duration.ofSeconds(30).toNanos());
    assertThat(budget.take()).isTrue();
    assertThat(budget.take()).isFalse();
  }
}
