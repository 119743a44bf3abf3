package dev.weir.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitBoundsTest {
  private static final long CALM = Duration.ofMillis(1).toNanos();
  private static final long LATE = Duration.ofMillis(50).toNanos();

  private final LimitBounds bounds = new LimitBounds(10, 100, 1000, Duration.ofMillis(20));

  @Test
  void growsWhileTheLoopsKeepUpAndTheLimitIsUsed() {
    assertThat(bounds.next(100, 90, CALM)).isEqualTo(120);
    assertThat(bounds.next(100, 90, Duration.ofMillis(15).toNanos())).isEqualTo(110);
  }

  @Test
  void learnsNothingFromAnIdleGateway() {
    assertThat(bounds.next(100, 10, CALM)).isEqualTo(100);
  }

  @Test
  void growsWhereSomebodyIsRefusedForNothing() {
    assertThat(bounds.under(0.1, 100, 10, true)).isEqualTo(120);
    assertThat(bounds.under(1.5, 100, 10, true)).isLessThan(100);
  }

  @Test
  void shrinksFromWhatWasReallyInFlight() {
    assertThat(bounds.next(1000, 200, LATE)).isEqualTo(170);
    assertThat(bounds.next(100, 500, LATE)).isEqualTo(85);
  }

  @Test
  void staysWithinItsBounds() {
    assertThat(bounds.next(11, 11, LATE)).isEqualTo(10);
    assertThat(bounds.next(999, 999, CALM)).isEqualTo(1000);
  }
}
