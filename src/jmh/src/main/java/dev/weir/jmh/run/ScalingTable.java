package dev.weir.jmh.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a second event loop adds, by what the loops share. */
record ScalingTable(Map<Shared, List<Scaling>> found) {

  void print(PrintStream out) {
    double ideal = ratio(found.getOrDefault(Shared.CONTROL, List.of())).median();
    out.printf(
        Locale.ROOT,
        "%-36s %12s %12s %28s %9s%n",
        "shared by two loops",
        "alone ns",
        "together ns",
        "throughput 2 over 1",
        "of ideal");
    found.forEach(
        (object, rounds) -> {
          Spread ratio = ratio(rounds);
          out.printf(
              Locale.ROOT,
              "%-36s %12.1f %12.1f %28s %8.0f%%%n",
              object.what(),
              Spread.of(rounds.stream().map(Scaling::aloneNanos).toList()).median(),
              Spread.of(rounds.stream().map(Scaling::togetherNanos).toList()).median(),
              ratio.text(2),
              100 * ratio.median() / ideal);
        });
  }

  private static Spread ratio(List<Scaling> rounds) {
    return Spread.of(rounds.stream().map(Scaling::ratio).toList());
  }
}
