package dev.weir.jmh.sample;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.PathPattern.Segment;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Source;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Routes as a route file would have them. */
public final class SampleRoutes {
  /** Two endpoints, and a breaker of the standard policy for each. */
  public static final Upstream UPSTREAM =
      new Upstream(
          "orders",
          List.of(
              new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9101),
              new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9102)),
          Duration.ofMillis(500),
          512,
          Duration.ofSeconds(20),
          BreakerPolicy.STANDARD);

  private SampleRoutes() {}

  /** Returns the route of a service by number: two literals, one free segment, an open end. */
  public static Route route(int number, Authentication authentication, Limit... limits) {
    List<Segment> segments =
        List.of(
            new Segment.Literal("api"),
            new Segment.Literal(service(number)),
            new Segment.Any("id"),
            new Segment.Literal("items"));
    String text = "/api/" + service(number) + "/{id}/items/**";
    return new Route(
        "route-" + number,
        new Source(1, 1),
        new Match(Optional.empty(), new PathPattern(text, segments, true), Set.of("GET")),
        UPSTREAM,
        PriorityRule.always(Priority.NORMAL),
        authentication,
        List.of(limits),
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

  /** Returns a path that the route takes; all are of one length. */
  public static String path(int number) {
    return "/api/" + service(number) + "/42/items/9";
  }

  /** Returns a limit that no bench can use up. */
  public static Limit limit(Limit.Key key) {
    return new Limit(
        "bench-" + key.parts().getFirst().text(),
        key,
        1_000_000_000,
        Duration.ofSeconds(1),
        1_000_000_000,
        Limit.OnRedisLoss.CLOSED);
  }

  private static String service(int number) {
    return String.format(Locale.ROOT, "service-%05d", number);
  }
}
