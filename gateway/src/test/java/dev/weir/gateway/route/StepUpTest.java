package dev.weir.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepUpTest {
  private static final StepUp STRONG = new StepUp(Set.of("a", "b"), Optional.empty());
  private static final StepUp FRESH = new StepUp(Set.of(), Optional.of(Duration.ofMinutes(5)));

  @Test
  void nothingAsksForLessThanAnythingElse() {
    assertThat(StepUp.NONE.isNone()).isTrue();
    assertThat(StepUp.NONE.asksForLessThan(STRONG)).isTrue();
    assertThat(StepUp.NONE.asksForLessThan(FRESH)).isTrue();
    assertThat(StepUp.NONE.asksForLessThan(StepUp.NONE)).isFalse();
  }

  @Test
  void fewerWaysAndAShorterAgeAskForMore() {
    StepUp one = new StepUp(Set.of("a"), Optional.empty());
    assertThat(one.asksForLessThan(STRONG)).isFalse();
    assertThat(STRONG.asksForLessThan(one)).isTrue();
    StepUp later = new StepUp(Set.of(), Optional.of(Duration.ofMinutes(6)));
    assertThat(later.asksForLessThan(FRESH)).isTrue();
    assertThat(FRESH.asksForLessThan(later)).isFalse();
    assertThat(FRESH.asksForLessThan(STRONG)).isTrue();
  }
}
