package dev.weir.drills.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void passesWhereEverythingHeld() {
    var verdict =
        verdict(Criterion.shareAtLeast("served", 0.99, 0.99), Criterion.never("failed", 0));
    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.text()).contains("served", "99.0 %", "PASS: some-drill");
  }

  @Test
  void failsWhereOneThingDidNotHoldAndSaysWhich() {
    var verdict =
        verdict(Criterion.shareAtLeast("served", 0.99, 0.98), Criterion.never("failed", 0));
    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.text())
        .containsPattern("served +98.0 % +99.0 % or more +MISSED")
        .contains("FAIL: some-drill");
  }

  @Test
  void failsWhereNothingWasAsked() {
    assertThat(verdict().passed()).isFalse();
  }

  @Test
  void doesNotRoundAMissUpToAHit() {
    var criterion = Criterion.shareAtLeast("served", 1, 0.9999);
    assertThat(criterion.held()).isFalse();
    assertThat(criterion.seen()).isEqualTo("99.9 %");
  }

  @Test
  void holdsBoundsThemselves() {
    assertThat(Criterion.millisAtMost("p99", 250, 250).held()).isTrue();
    assertThat(Criterion.millisAtMost("p99", 250, 250.1).held()).isFalse();
    assertThat(Criterion.never("failed", 1).held()).isFalse();
    assertThat(Criterion.seen("refused", 0).held()).isFalse();
  }

  private static Verdict verdict(Criterion... criteria) {
    return new Verdict("some-drill", List.of(criteria), List.of());
  }
}
