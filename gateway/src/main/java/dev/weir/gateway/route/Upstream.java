package dev.weir.gateway.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A named pool of endpoints that serve the same thing.
 *
 * @param endpoints as they are written; none where the service says where they are
 * @param pool how connections to each of them are kept
 * @param selection which endpoint a request goes to
 * @param service says where the endpoints are, instead of a list
 * @param maxRequests under way at once, over all endpoints of this instance; absent: no bound
 * @param concurrency whether the gateway finds a bound by itself
 */
public record Upstream(
    String name,
    List<Endpoint> endpoints,
    PoolPolicy pool,
    BreakerPolicy breaker,
    Selection selection,
    Optional<Service> service,
    OptionalInt maxRequests,
    Concurrency concurrency) {

  /** Copies the endpoints, of which there is at least one unless there is a service. */
  public Upstream {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty() == service.isEmpty()) {
      throw new IllegalArgumentException("an upstream needs either endpoints or a service");
    }
  }

  /** Makes an upstream whose concurrency is as nobody wrote of it. */
  public Upstream(
      String name,
      List<Endpoint> endpoints,
      PoolPolicy pool,
      BreakerPolicy breaker,
      Selection selection,
      Optional<Service> service,
      OptionalInt maxRequests) {
    this(name, endpoints, pool, breaker, selection, service, maxRequests, Concurrency.STANDARD);
  }

  /** Makes an upstream of listed endpoints. */
  public Upstream(
      String name,
      List<Endpoint> endpoints,
      PoolPolicy pool,
      BreakerPolicy breaker,
      Selection selection) {
    this(name, endpoints, pool, breaker, selection, Optional.empty(), OptionalInt.empty());
  }

  /** Makes an upstream of listed endpoints of which nothing else is written. */
  public Upstream(
      String name,
      List<Endpoint> endpoints,
      Duration connectTimeout,
      int maxConnections,
      Duration maxIdle,
      BreakerPolicy breaker) {
    this(
        name,
        endpoints,
        new PoolPolicy(
            connectTimeout,
            maxConnections,
            maxIdle,
            PoolPolicy.STANDARD.maxLife(),
            PoolPolicy.STANDARD.idleTimeout()),
        breaker,
        Selection.STANDARD);
  }

  /** Returns whether both are at the same addresses, whatever else differs. */
  public boolean isWhere(Upstream other) {
    return name.equals(other.name)
        && endpoints.equals(other.endpoints)
        && service.equals(other.service);
  }
}
