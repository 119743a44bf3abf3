package dev.weir.gateway.route;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRoutes;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Shows that finding the last route of 10,000 costs what finding the last of 10 does. */
@State(Scope.Benchmark)
public class RouteMatchBench {
  /** How many routes the table has. */
  @Param({"10", "1000", "10000"})
  public int routes;

  private RouteTable table = table(0);
  private String path = "";

  /** Builds the table; the route to be found is the file's last. */
  @Setup
  public void build() {
    table = table(routes);
    path = SampleRoutes.path(routes - 1);
  }

  private static RouteTable table(int routes) {
    List<Route> all =
        IntStream.range(0, routes)
            .mapToObj(number -> SampleRoutes.route(number, new Authentication.Open()))
            .toList();
    return RouteTable.of("0123456789ab", List.of(SampleRoutes.UPSTREAM), List.of(), List.of(), all);
  }

  /** Finds the last route of the table by a path of five segments. */
  @Benchmark
  public Found last() {
    Found found = table.find("api.example.com", "GET", path);
    Expect.that(found instanceof Found.Hit hit && hit.index() == routes - 1, "the last route");
    return found;
  }
}
