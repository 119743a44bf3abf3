package dev.weir.jmh.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a second event loop adds, by what the loops share. */
record ScalingTable(Map<Shared, List<Scaling>> found) {

  void print(PrintStream out) {
    double ideal = quietest(Shared.CONTROL).ratio();
    out.printf(
        Locale.ROOT,
        "%-36s %10s %12s %8s %18s %9s%n",
        "shared by two loops",
        "alone ns",
        "together ns",
        "2 over 1",
        "by round",
        "of ideal");
    for (Shared object : found.keySet()) {
      Scaling quietest = quietest(object);
      Spread rounds = Spread.of(rounds(object).stream().map(Scaling::ratio).toList());
      out.printf(
          Locale.ROOT,
          "%-36s %10.1f %12.1f %8.2f %18s %8.0f%%%n",
          object.what(),
          quietest.aloneNanos(),
          quietest.togetherNanos(),
          quietest.ratio(),
          String.format(Locale.ROOT, "%.2f to %.2f", rounds.least(), rounds.greatest()),
          100 * quietest.ratio() / ideal);
    }
  }

  private Scaling quietest(Shared object) {
    return Scaling.quietest(rounds(object));
  }

  private List<Scaling> rounds(Shared object) {
    return found.getOrDefault(object, List.of());
  }
}
