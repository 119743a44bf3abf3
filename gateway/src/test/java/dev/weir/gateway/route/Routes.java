package dev.weir.gateway.route;

import dev.weir.gateway.route.PathPattern.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes routes of which only the match is of interest. */
final class Routes {
  private static final Upstream UPSTREAM =
      new Upstream(
          "orders",
          List.of(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9101)),
          Duration.ofMillis(500),
          512,
          Duration.ofSeconds(20),
          BreakerPolicy.STANDARD);

  private Routes() {}

  static RouteTable table(Route... routes) {
    return table(List.of(routes));
  }

  static RouteTable table(List<Route> routes) {
    return RouteTable.of("0123456789ab", List.of(UPSTREAM), List.of(), List.of(), routes);
  }

  /** Makes a route for any host. */
  static Route route(String id, String path, String... methods) {
    return route(id, Optional.empty(), path, Set.of(methods));
  }

  static Route route(String id, Optional<String> host, String path, Set<String> methods) {
    return new Route(
        id,
        new Source(1, 1),
        new Match(host, pattern(path), methods),
        UPSTREAM,
        PriorityRule.always(Priority.NORMAL),
        new Authentication.Open(),
        List.of(),
        "",
        Duration.ofSeconds(15),
        Duration.ofSeconds(15),
        RetryPolicy.NEVER,
        1 << 20,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        List.of());
  }

  static PathPattern pattern(String text) {
    List<Segment> segments = new ArrayList<>();
    boolean openEnded = text.endsWith("/**");
    String fixed = openEnded ? text.substring(0, text.length() - 3) : text;
    int at = 0;
    while (at < fixed.length()) {
      int end = fixed.indexOf('/', at + 1) < 0 ? fixed.length() : fixed.indexOf('/', at + 1);
      String segment = fixed.substring(at + 1, end);
      segments.add(
          segment.startsWith("{")
              ? new Segment.Any(segment.substring(1, segment.length() - 1))
              : new Segment.Literal(segment));
      at = end;
    }
    return new PathPattern(text, segments, openEnded);
  }
}
