package dev.weir.gateway.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One compiled route: what it takes, where it goes and every policy it asks for.
 *
 * @param source where the route file says so
 * @param stripPrefix removed from the path before forwarding; empty for none
 * @param deadline bound on the whole request, from its head to the response head
 * @param attemptTimeout bound on one attempt, at most the deadline
 * @param maxBodyBytes bound on the request body, counted on the stream
 * @param filters Spring Cloud Gateway filters by name and arguments; not empty: the extension host
 * @param hedge when a read is asked for a second time; absent: never
 * @param fallback what is done where the upstream fails; absent: the client is told
 * @param maxWebSockets open at once on one instance; 0: upgrades are refused
 * @param brownOut what is done without under pressure, in this order
 */
public record Route(
    String id,
    Source source,
    Match match,
    Upstream upstream,
    PriorityRule priority,
    Authentication authentication,
    List<Limit> limits,
    String stripPrefix,
    Duration deadline,
    Duration attemptTimeout,
    RetryPolicy retry,
    long maxBodyBytes,
    List<String> filters,
    Optional<Hedge> hedge,
    Optional<Fallback> fallback,
    int maxWebSockets,
    List<BrownOut> brownOut) {

  /** Copies the lists. */
  public Route {
    limits = List.copyOf(limits);
    filters = List.copyOf(filters);
    brownOut = List.copyOf(brownOut);
  }

  /** Returns the route as it is before another upstream, from which there is no falling back. */
  public Route before(Upstream other) {
    return new Route(
        id,
        source,
        match,
        other,
        priority,
        authentication,
        limits,
        stripPrefix,
        deadline,
        attemptTimeout,
        retry,
        maxBodyBytes,
        filters,
        hedge,
        Optional.empty(),
        maxWebSockets,
        brownOut);
  }

  /** Returns whether the route passes through the extension host. */
  public boolean extended() {
    return !filters.isEmpty();
  }
}
