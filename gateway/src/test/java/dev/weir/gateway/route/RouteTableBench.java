package dev.weir.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assertions;

/**
 * Shows that a lookup costs the same in a table of 10 routes and in one of 10,000. Run by hand:
 * timings have no place among tests. Each figure is the best of nine rounds of a million lookups
 * spread over the whole table.
 */
final class RouteTableBench {
  private static final int LOOKUPS = 1_000_000;

  private RouteTableBench() {}

  public static void main(String[] args) {
    for (int size : new int[] {10, 100, 1_000, 10_000}) {
      RouteTable table = table(size);
      List<String> paths = paths(size);
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 9; round++) {
        best = Math.min(best, time(table, paths));
      }
      System.out.printf(
          Locale.ROOT, "%,6d routes: %5.1f ns a lookup%n", size, best / (double) LOOKUPS);
    }
  }

  private static long time(RouteTable table, List<String> paths) {
    int hits = 0;
    long started = System.nanoTime();
    for (int i = 0; i < LOOKUPS; i++) {
      if (table.find("api.example.com", "GET", paths.get(i % paths.size())) instanceof Found.Hit) {
        hits++;
      }
    }
    long elapsed = System.nanoTime() - started;
    Assertions.assertEquals(LOOKUPS, hits, "every lookup is a hit");
    return elapsed;
  }

  private static RouteTable table(int size) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      routes.add(Routes.route("r" + i, "/api/service-" + i + "/{id}/items/**", "GET"));
    }
    return Routes.table(routes);
  }

  /** Draws 64 paths from the whole table, so that the figure is the walk's and not the memory's. */
  private static List<String> paths(int size) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      paths.add("/api/service-" + (i * 7919L % size) + "/42/items/9");
    }
    return paths;
  }
}
