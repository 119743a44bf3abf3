package dev.weir.drills.drill;

import dev.weir.drills.report.Criterion;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** Makes up what clients saw, ten times a second, for a judge. */
final class Runs {
  static final int SECONDS = 30;
  static final int BROKEN = 9;
  static final int MENDED = 18;

  private Runs() {}

  /** A run in which every lane saw, in each second, what it is said to have seen. */
  static Seen of(Map<String, IntFunction<Outcome>> lanes) {
    var names = List.copyOf(lanes.keySet());
    var timeline = new Timeline(names);
    for (int i = 0; i < 10 * SECONDS; i++) {
      for (int lane = 0; lane < names.size(); lane++) {
        var outcome = lanes.getOrDefault(names.get(lane), _ -> Outcome.good(200)).apply(i / 10);
        timeline.add(lane, Duration.ofMillis(100L * i), outcome, 3_000_000);
      }
    }
    var marks =
        List.of(
            new Mark(Duration.ofSeconds(BROKEN), Mark.Kind.BREAK, "away"),
            new Mark(Duration.ofSeconds(MENDED), Mark.Kind.MEND, "back"));
    return new Seen(timeline, marks, List.of(), Duration.ofSeconds(SECONDS));
  }

  /** The names of what did not hold. */
  static List<String> missed(List<Criterion> criteria) {
    return criteria.stream().filter(criterion -> !criterion.held()).map(Criterion::name).toList();
  }
}
