package dev.weir.gateway.stale;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All of a route that decides over what its answers are and who may read them. Where a reload
 * leaves it alone, what is kept stays good.
 *
 * @param within how old an answer may become
 * @param credentials the request fields that say who asks, in lower case
 * @param reports the answer's fields that are for the gateway alone, in lower case
 */
record Origin(
    String route,
    Match match,
    Upstream upstream,
    Authentication authentication,
    String stripPrefix,
    Duration within,
    Set<String> credentials,
    Set<String> reports) {

  /** What says who asks, as far as that can be known without the route. */
  private static final List<String> USUAL =
      List.of("authorization", "cookie", "x-api-key", "api-key", "x-auth-token", "x-access-token");

  /** Copies the sets. */
  Origin {
    credentials = Set.copyOf(credentials);
    reports = Set.copyOf(reports);
  }

  /** Returns the origin of a route's answers; nothing where none are kept. */
  static Optional<Origin> of(Route route) {
    if (route.fallback().isEmpty()
        || !(route.fallback().get() instanceof Fallback.Stale(Duration within, var _))) {
      return Optional.empty();
    }
    Set<String> credentials = new HashSet<>(USUAL);
    Set<String> reports = new HashSet<>();
    for (Limit limit : route.limits()) {
      for (KeyPart part : limit.key().parts()) {
        if (part instanceof KeyPart.Header(String name)) {
          credentials.add(name);
        }
      }
      limit.cost().reportedIn().ifPresent(reports::add);
    }
    return Optional.of(
        new Origin(
            route.id(),
            route.match(),
            route.upstream(),
            route.authentication(),
            route.stripPrefix(),
            within,
            credentials,
            reports));
  }
}
