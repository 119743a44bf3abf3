package dev.weir.drills.drill;

import dev.weir.drills.timeline.Figures;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What clients saw of a run, to be asked by when things happened.
 *
 * @param ends of the stretches, where the run had any; their beginnings are the marks
 */
record Seen(Timeline timeline, List<Mark> marks, List<Duration> ends, Duration length) {
  private static final Duration EVER = Duration.ofDays(1);

  /** What is due before it is mended may be sent after, by a client that is behind. */
  private static final Duration BEHIND = Duration.ofMillis(500);

  Seen {
    marks = List.copyOf(marks);
    ends = List.copyOf(ends);
  }

  /** What was due from so long after the break until shortly before it was mended. */
  Figures during(String lane, Duration after) {
    var end = moment(Mark.Kind.MEND).minus(BEHIND);
    return timeline.between(lane, moment(Mark.Kind.BREAK).plus(after), end);
  }

  /** What was due from so long after it was mended. */
  Figures after(String lane, Duration after) {
    return timeline.between(lane, moment(Mark.Kind.MEND).plus(after), length);
  }

  /** All that was due of a lane. */
  Figures whole(String lane) {
    return timeline.between(lane, Duration.ZERO, EVER);
  }

  /** All that was due of all lanes. */
  Figures whole() {
    return timeline.between(Duration.ZERO, EVER);
  }

  /** What no client should ever see: no answer, half an answer, a status without a reason. */
  long failures() {
    return whole().failed();
  }

  /**
   * From the moment in which it was mended to the end of the last quarter of a second in which
   * anything was due that was refused.
   */
  double lastRefusedMillis() {
    long last = 0;
    for (int slot = 0; slot < timeline.length(); slot++) {
      var from = Timeline.SLOT.multipliedBy(slot);
      if (timeline.between(from, from.plus(Timeline.SLOT)).refused() > 0) {
        last = from.plus(Timeline.SLOT).toMillis();
      }
    }
    return Math.max(0, last - moment(Mark.Kind.MEND).toMillis());
  }

  /** Every answer of every lane, counted: a line a lane. */
  List<String> counted() {
    return timeline.lanes().stream().map(this::counted).toList();
  }

  private String counted(String lane) {
    return whole(lane).counts().entrySet().stream()
        .sorted(Map.Entry.<Outcome, Long>comparingByValue().reversed())
        .map(entry -> "%,d x %s".formatted(entry.getValue(), entry.getKey().label()))
        .collect(Collectors.joining(", ", lane + ": ", ""));
  }

  /** What was due of a lane in a stretch, from so long after its beginning. */
  Figures stretch(int index, String lane, Duration after) {
    return timeline.between(lane, marks.get(index).at().plus(after), ends.get(index));
  }

  /** What was due of all lanes in a stretch. */
  Figures stretch(int index, Duration after) {
    return timeline.between(marks.get(index).at().plus(after), ends.get(index));
  }

  private Duration moment(Mark.Kind kind) {
    return marks.stream()
        .filter(mark -> mark.kind() == kind)
        .map(Mark::at)
        .findFirst()
        .orElse(length);
  }
}
