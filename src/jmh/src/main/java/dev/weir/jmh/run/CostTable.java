package dev.weir.jmh.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What each decision costs. */
record CostTable(List<Figures> costs) {
  private static final String ROUTES = "RouteMatchBench.last ";

  void print(PrintStream out) {
    out.printf(Locale.ROOT, "%-40s %34s %9s%n", "bench", "ns/op, median (min to max)", "B/op");
    for (Figures cost : costs) {
      out.printf(
          Locale.ROOT,
          "%-40s %34s %9s%n",
          cost.name(),
          cost.nanos().text(1),
          Double.isNaN(cost.bytes()) ? "?" : String.format(Locale.ROOT, "%,.0f", cost.bytes()));
    }
    List<Double> routes =
        costs.stream()
            .filter(cost -> cost.name().startsWith(ROUTES))
            .map(cost -> cost.nanos().median())
            .toList();
    if (routes.size() > 1) {
      Spread spread = Spread.of(routes);
      out.printf(
          Locale.ROOT,
          "route match, dearest table over cheapest: %.2f%n",
          spread.greatest() / spread.least());
    }
    out.println();
  }
}
