package dev.weir.gateway.host;

import dev.weir.gateway.route.Route;

/** A route names a filter that the host does not have, or that does not take its arguments. */
public final class UnusableFiltersException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Route route;

  UnusableFiltersException(Route route, RuntimeException cause) {
    super(cause.getMessage(), cause);
    this.route = route;
  }

  /** Returns the route. */
  public Route route() {
    return route;
  }
}
