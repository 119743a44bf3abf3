package dev.weir.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenLoopScheduleTest {
  @Test
  void spacesRequestsEvenlyFromTheStart() {
    var schedule = new OpenLoopSchedule(1_000, 4_000, 100);

    assertThat(schedule.due(0)).isEqualTo(1_000);
    assertThat(schedule.due(1)).isEqualTo(251_000);
    assertThat(schedule.due(99)).isEqualTo(24_751_000);
  }

  @Test
  void doesNotDriftWithARateThatDividesBadly() {
    var schedule = new OpenLoopSchedule(0, 3_333.3, 10_000_000);

    assertThat(schedule.due(3_333_300)).isBetween(1_000_000_000_000L - 1_000, 1_000_000_001_000L);
  }

  @Test
  void isDueFromItsMomentOnAcrossTheOverflowOfTheClock() {
    var schedule = new OpenLoopSchedule(Long.MAX_VALUE - 10, 1_000_000, 2);
    long start = schedule.due(0);

    assertThat(schedule.isDue(0, start - 1)).isFalse();
    assertThat(schedule.isDue(0, start)).isTrue();
    assertThat(schedule.isDue(1, start + 999)).isFalse();
    assertThat(schedule.isDue(1, start + 1_000)).isTrue();
  }

  @Test
  void endsAfterItsCount() {
    assertThat(new OpenLoopSchedule(0, 1_000, 2).isDue(2, 1_000_000_000)).isFalse();
  }

  @Test
  void refusesARateOfNothing() {
    assertThatThrownBy(() -> new OpenLoopSchedule(0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new OpenLoopSchedule(0, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
