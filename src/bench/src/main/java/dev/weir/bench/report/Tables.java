package dev.weir.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lays out columns. */
final class Tables {
  private Tables() {}

  static String text(Optional<Spread> spread, String format) {
    return spread.map(value -> value.text(format)).orElse("-");
  }

  static String median(Optional<Spread> spread) {
    return spread.map(value -> "%,.0f".formatted(value.median())).orElse("-");
  }

  /** The lines with columns as wide as they need; the first flush left, the others right. */
  static String align(List<List<String>> table) {
    int[] widths = new int[table.getFirst().size()];
    for (var line : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return table.stream().map(line -> line(line, widths)).collect(Collectors.joining());
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append((i == 0 ? "%-" : "  %") + widths[i] + "s");
    }
    return line.toString().formatted(cells.toArray()) + "\n";
  }
}
