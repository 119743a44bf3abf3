package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.timeline.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class FailoverDrillTest {
  private static final FailoverDrill.Kept ALL = new FailoverDrill.Kept(60, 0, 120, 0);
  private static final Outcome AWAY = Outcome.refused(503, "database-unavailable");

  @Test
  void passesWhereCallsAreRefusedInBetweenAndNothingIsLost() {
    assertThat(missed(second -> isBetween(second, 2) ? AWAY : good(), ALL)).isEmpty();
  }

  @Test
  void failsWhereAnAcceptedAccountIsGone() {
    var lost = new FailoverDrill.Kept(60, 1, 120, 0);
    assertThat(missed(second -> isBetween(second, 2) ? AWAY : good(), lost))
        .containsExactly("of them, gone");
  }

  @Test
  void failsWhereAPersonIsBlamed() {
    var blamed = Outcome.refused(401, "refresh-reused");
    assertThat(missed(second -> isBetween(second, 1) ? AWAY : second == 20 ? blamed : good(), ALL))
        .containsExactly("refused as if the person were at fault");
  }

  @Test
  void failsWhereAnOutageIsAFault() {
    var fault = Outcome.refused(500, "internal");
    assertThat(missed(second -> second == Runs.BROKEN ? fault : second == 10 ? AWAY : good(), ALL))
        .containsExactly("other errors");
  }

  @Test
  void failsWhereTheNewPrimaryIsFoundLate() {
    assertThat(missed(second -> isBetween(second, 7) ? AWAY : good(), ALL))
        .containsExactly("from the promotion to the last call refused");
  }

  @Test
  void failsWhereNothingWasDrilled() {
    assertThat(missed(_ -> good(), ALL)).containsExactly("calls refused in between");
  }

  /** From the break until so many seconds after the promotion. */
  private static boolean isBetween(int second, int after) {
    return second >= Runs.BROKEN && second < Runs.MENDED + after;
  }

  private static List<String> missed(IntFunction<Outcome> refreshes, FailoverDrill.Kept kept) {
    return Runs.missed(FailoverDrill.judge(Runs.of(Map.of("refreshes", refreshes)), kept, 300));
  }

  private static Outcome good() {
    return Outcome.good(200);
  }
}
