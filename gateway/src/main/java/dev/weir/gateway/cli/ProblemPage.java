package dev.weir.gateway.cli;

import dev.weir.gateway.routefile.Problem;
import dev.weir.gateway.routefile.Severity;
import java.util.List;

/** Problems for a person to read: each with its line of the file and a caret below the place. */
record ProblemPage(Palette palette, SourceLines source) {
  private static final int WIDTH = 100;

  /** Returns the page, which ends with an empty line unless there are no problems. */
  String of(List<Problem> problems) {
    StringBuilder page = new StringBuilder();
    for (Problem problem : problems) {
      page.append(coloured(problem)).append('\n').append(excerpt(problem)).append('\n');
    }
    return page.toString();
  }

  private String coloured(Problem problem) {
    String colour = problem.severity() == Severity.ERROR ? palette.error() : palette.warning();
    String label = problem.severity().label() + ":";
    String position = problem.file() + ":" + problem.line() + ":" + problem.column() + ": ";
    String rest = problem.text().substring(position.length() + label.length());
    return position + colour + label + palette.end() + rest;
  }

  private String excerpt(Problem problem) {
    String line = source.line(problem.line()).replaceAll("\\p{Cntrl}", " ");
    int caret = problem.column() - 1;
    if (line.isEmpty() || caret > line.codePointCount(0, line.length())) {
      return "";
    }
    int at = line.offsetByCodePoints(0, caret);
    // A long line is shown around the caret.
    int from = Math.max(0, at - WIDTH + 20);
    int to = Math.min(line.length(), from + WIDTH);
    String margin = "%6d | ".formatted(problem.line());
    String gap = " ".repeat(margin.length() - 2) + "| " + " ".repeat(line.codePointCount(from, at));
    return palette.faint()
        + margin
        + line.substring(from, to)
        + palette.end()
        + "\n"
        + gap
        + "^"
        + "\n";
  }
}
