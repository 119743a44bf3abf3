package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** A drill that cannot fail shows nothing: what an upstream's outage looks like, well and badly. */
class JudgeTest {
  private static final Outcome GOOD = Outcome.good(200);
  private static final Outcome REFUSED = Outcome.refused(503, "breaker-open");
  private static final int SECONDS = 30;
  private static final int BROKEN = 9;
  private static final int MENDED = 18;

  @Test
  void passesWhereTheBreakerRefusesAtOnceAndTheOtherUpstreamDoesNotNotice() {
    assertThat(verdict(second -> isBroken(second) ? REFUSED : GOOD, second -> GOOD).passed())
        .isTrue();
  }

  @Test
  void failsWhereTheOtherUpstreamNotices() {
    var verdict =
        verdict(
            second -> isBroken(second) ? REFUSED : GOOD,
            second -> isBroken(second) ? Outcome.refused(503, "overloaded") : GOOD);
    assertThat(verdict.passed()).isFalse();
    assertThat(missed(verdict)).containsExactly("the other upstream's requests, served");
  }

  @Test
  void failsWhereClientsSeeErrorsWithoutAReason() {
    var cutOff = Outcome.failed("connection closed");
    var verdict = verdict(second -> second == BROKEN ? cutOff : refusedThen(second), s -> GOOD);
    assertThat(missed(verdict)).containsExactly("requests that failed in other ways");
  }

  @Test
  void failsWhereItDoesNotComeBack() {
    var verdict = verdict(second -> second < BROKEN ? GOOD : REFUSED, second -> GOOD);
    assertThat(missed(verdict)).containsExactly("its own requests, served from 4 s after");
  }

  private static Outcome refusedThen(int second) {
    return isBroken(second) ? REFUSED : GOOD;
  }

  private static boolean isBroken(int second) {
    return second >= BROKEN && second < MENDED;
  }

  private static List<String> missed(Verdict verdict) {
    return verdict.criteria().stream()
        .filter(criterion -> !criterion.held())
        .map(Criterion::name)
        .toList();
  }

  private static Verdict verdict(IntFunction<Outcome> orders, IntFunction<Outcome> other) {
    var timeline = new Timeline(List.of("orders", "catalogue"));
    for (int i = 0; i < 100 * SECONDS; i++) {
      var due = Duration.ofMillis(10L * i);
      timeline.add(0, due, orders.apply(i / 100), 3_000_000);
      timeline.add(1, due, other.apply(i / 100), 2_000_000);
    }
    var marks =
        List.of(
            new Mark(Duration.ofSeconds(BROKEN), Mark.Kind.BREAK, "away"),
            new Mark(Duration.ofSeconds(MENDED), Mark.Kind.MEND, "back"));
    var run = new Seen(timeline, marks, List.of(), Duration.ofSeconds(SECONDS));
    return new Verdict("upstream-down", UpstreamDrills.judge(run), List.of());
  }
}
