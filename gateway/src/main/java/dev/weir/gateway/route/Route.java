package dev.weir.gateway.route;

import java.time.Duration;
import java.util.List;

/**
 * One compiled route: what it takes, where it goes and every policy it asks for.
 *
 * @param source where the route file says so
 * @param stripPrefix removed from the path before forwarding; empty for none
 * @param deadline bound on the whole request, from its head to the response head
 * @param attemptTimeout bound on one attempt, at most the deadline
 * @param maxBodyBytes bound on the request body, counted on the stream
 * @param maxWebSockets open at once on one instance; 0: upgrades are refused
 * @param filters Spring Cloud Gateway filters by name and arguments; not empty: the extension host
 */
public record Route(
    String id,
    Source source,
    Match match,
    Upstream upstream,
    Priority priority,
    Authentication authentication,
    List<Limit> limits,
    String stripPrefix,
    Duration deadline,
    Duration attemptTimeout,
    RetryPolicy retry,
    long maxBodyBytes,
    int maxWebSockets,
    List<String> filters) {

  /** Copies the lists. */
  public Route {
    limits = List.copyOf(limits);
    filters = List.copyOf(filters);
  }

  /** A route that takes no WebSockets. */
  public Route(
      String id,
      Source source,
      Match match,
      Upstream upstream,
      Priority priority,
      Authentication authentication,
      List<Limit> limits,
      String stripPrefix,
      Duration deadline,
      Duration attemptTimeout,
      RetryPolicy retry,
      long maxBodyBytes,
      List<String> filters) {
    this(
        id,
        source,
        match,
        upstream,
        priority,
        authentication,
        limits,
        stripPrefix,
        deadline,
        attemptTimeout,
        retry,
        maxBodyBytes,
        0,
        filters);
  }

  /** Returns whether the route passes through the extension host. */
  public boolean extended() {
    return !filters.isEmpty();
  }
}
