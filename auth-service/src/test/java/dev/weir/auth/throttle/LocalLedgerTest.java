package dev.weir.auth.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalLedgerTest {
  private final AtomicLong now = new AtomicLong();
  private final LocalLedger ledger = new LocalLedger(now::get);
  private final Budget narrow = new Budget("narrow", new Limit(2, Duration.ofMinutes(1)));
  private final Budget wide = new Budget("wide", new Limit(5, Duration.ofMinutes(5)));

  @Test
  void takesFromEveryBudgetOrFromNone() {
    assertThat(reserve().granted()).isTrue();
    assertThat(reserve().granted()).isTrue();
    var refused = reserve();
    assertThat(refused.granted()).isFalse();
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    reserve();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(reserve().standings().getLast().used()).isEqualTo(3);
  }

  @Test
  void givesBackAndClears() {
    reserve();
    reserve();
    ledger.refund(List.of(narrow)).block();
    assertThat(reserve().granted()).isTrue();
    ledger.clear(narrow).block();
    assertThat(reserve().granted()).isTrue();
  }

  private Reservation reserve() {
    return Objects.requireNonNull(ledger.reserve(List.of(narrow, wide)).block());
  }
}
