package dev.weir.drills.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Outcome GOOD = Outcome.good(200);
  private static final Outcome SHED = Outcome.refused(503, "overloaded");
  private static final Outcome LOST = Outcome.failed("connection closed");

  private final Timeline timeline = new Timeline(List.of("orders", "logins"));

  @Test
  void countsARequestAgainstTheMomentItWasDueHoweverLongItTook() {
    add("orders", 900, LOST, 10_000);
    assertThat(between("orders", 750, 1_000).failed()).isEqualTo(1);
    assertThat(between("orders", 1_000, 20_000).sent()).isZero();
  }

  @Test
  void tellsGoodAnswersFromRefusalsAndFailures() {
    add("orders", 0, GOOD, 5);
    add("orders", 10, GOOD, 7);
    add("orders", 20, SHED, 1);
    add("orders", 30, LOST, 40);
    var figures = between("orders", 0, 250);
    assertThat(figures.sent()).isEqualTo(4);
    assertThat(figures.goodShare()).isEqualTo(0.5);
    assertThat(figures.refused("503 overloaded")).isEqualTo(1);
    assertThat(figures.of(Outcome.Kind.FAILED)).isEqualTo(Map.of("connection closed", 1L));
    assertThat(figures.slowestMicros()).isEqualTo(40_000);
  }

  @Test
  void takesLatencyOfGoodAnswersAlone() {
    for (int millis = 1; millis <= 100; millis++) {
      add("orders", 10, GOOD, millis);
    }
    add("orders", 10, SHED, 9_000);
    var figures = between("orders", 0, 250);
    assertThat(figures.goodMillis(0.5)).isEqualTo(50);
    assertThat(figures.goodMillis(0.99)).isEqualTo(99);
  }

  @Test
  void keepsLanesApartAndAddsThemUp() {
    add("orders", 0, GOOD, 1);
    add("logins", 0, SHED, 1);
    assertThat(between("orders", 0, 250).sent()).isEqualTo(1);
    assertThat(between("logins", 0, 250).goodShare()).isZero();
    assertThat(timeline.between(Duration.ZERO, Duration.ofMillis(250)).sent()).isEqualTo(2);
  }

  @Test
  void knowsItsLengthAndWhatNobodySent() {
    add("logins", 1_600, GOOD, 1);
    assertThat(timeline.length()).isEqualTo(7);
    assertThat(between("orders", 0, 2_000).goodShare()).isZero();
    assertThat(between("logins", 1_500, 2_000).goodput()).isEqualTo(2);
  }

  private void add(String lane, long dueMillis, Outcome outcome, long tookMillis) {
    timeline.add(
        timeline.lanes().indexOf(lane),
        Duration.ofMillis(dueMillis),
        outcome,
        Duration.ofMillis(tookMillis).toNanos());
  }

  private Figures between(String lane, long fromMillis, long toMillis) {
    return timeline.between(lane, Duration.ofMillis(fromMillis), Duration.ofMillis(toMillis));
  }
}
