package dev.weir.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeySuccessionTest {
  private static final Instant THEN = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant MUCH_LATER = THEN.plus(Duration.ofDays(2));
  private static final KeySuccession BOTH = KeySuccession.NONE.and("old", THEN).and("new", THEN);

  @Test
  void takesAnyKeyThatNoneHasSucceeded() {
    assertThat(KeySuccession.NONE.refusesLink("old", MUCH_LATER)).isFalse();
    assertThat(KeySuccession.NONE.and("old", THEN).refusesLink("old", MUCH_LATER)).isFalse();
    assertThat(BOTH.refusesLink("new", MUCH_LATER)).isFalse();
    assertThat(BOTH.refusesEvent("new", MUCH_LATER)).isFalse();
  }

  @Test
  void letsInstancesLearnOfASuccessorOneAfterTheOther() {
    var soon = THEN.plusSeconds(30);
    assertThat(BOTH.refusesLink("old", soon)).isFalse();
    assertThat(BOTH.and("old", soon)).isEqualTo(BOTH);
  }

  @Test
  void refusesASucceededKeyFromADayLaterOn() {
    assertThat(BOTH.refusesLink("old", MUCH_LATER)).isTrue();
    assertThat(BOTH.refusesEvent("old", MUCH_LATER)).isTrue();
    assertThat(BOTH.and("newest", MUCH_LATER).refusesLink("old", MUCH_LATER)).isTrue();
  }

  @Test
  void refusesToLinkUnderItWhatIsOlderAndTakesTheEventItself() {
    var before = THEN.minus(Duration.ofDays(2));
    assertThat(BOTH.refusesLink("old", before)).isTrue();
    assertThat(BOTH.refusesEvent("old", before)).isFalse();
  }
}
