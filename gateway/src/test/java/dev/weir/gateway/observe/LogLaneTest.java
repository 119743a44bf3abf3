package dev.weir.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLaneTest {
  private static final int MEGABYTE = 1024 * 1024;

  private final LogLane lane = new LogLane();

  @Test
  void takesFourMegabytesHoweverFewLinesTheyAre() {
    for (int i = 0; i < 4; i++) {
      assertThat(lane.offer(new byte[MEGABYTE])).isTrue();
    }
    assertThat(lane.offer(new byte[1])).isFalse();
    assertThat(lane.poll()).hasSize(MEGABYTE);
    assertThat(lane.offer(new byte[MEGABYTE])).isTrue();
    assertThat(lane.offer(new byte[1])).isFalse();
  }

  @Test
  void takesEightThousandLinesHoweverShortTheyAre() {
    for (int i = 0; i < 8_192; i++) {
      assertThat(lane.offer(new byte[1])).isTrue();
    }
    assertThat(lane.offer(new byte[1])).isFalse();
  }

  @Test
  void hasNothingWhereNothingIs() {
    assertThat(lane.poll()).isNull();
  }
}
