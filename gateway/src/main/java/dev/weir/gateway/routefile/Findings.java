package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the problems of one file. Bounded: a file that is broken in more ways than anyone will
 * read is told so. Confined to the thread that reads the file.
 */
final class Findings {
  /** Further problems are counted, not kept. */
  static final int MOST = 1_000;

  private static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::code)
          .thenComparing(Problem::message);

  private final String file;
  // A set: what an alias repeats is one problem, at the anchor.
  private final Set<Problem> problems = new LinkedHashSet<>();
  private int left;
  private boolean broken;

  Findings(String file) {
    this.file = file;
  }

  /** Notes a problem. */
  void add(Source at, ProblemCode code, String message, String allowed, String fix) {
    broken |= code.severity() == Severity.ERROR;
    if (problems.size() >= MOST) {
      left++;
      return;
    }
    problems.add(
        new Problem(file, at.line(), at.column(), code.severity(), code, message, allowed, fix));
  }

  /** Returns whether the file cannot be used. */
  boolean broken() {
    return broken;
  }

  /** Returns every problem in the order of the file. */
  List<Problem> sorted() {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(BY_POSITION);
    if (left > 0) {
      Problem last = sorted.getLast();
      sorted.add(
          new Problem(
              file,
              last.line(),
              last.column(),
              Severity.ERROR,
              ProblemCode.TOO_MANY_PROBLEMS,
              left + " more problems are not shown",
              "at most " + MOST + " are listed",
              "mend these and check again"));
    }
    return List.copyOf(sorted);
  }
}
