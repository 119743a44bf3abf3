package dev.weir.drills.drill;

import dev.weir.drills.report.Verdict;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Timeline;
import java.util.List;

/** What a drill leaves. */
public record Findings(Verdict verdict, Timeline timeline, List<Mark> marks) {

  public Findings {
    marks = List.copyOf(marks);
  }

  Findings(Verdict verdict, Seen seen) {
    this(verdict, seen.timeline(), seen.marks());
  }
}
