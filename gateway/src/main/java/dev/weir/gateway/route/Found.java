package dev.weir.gateway.route;

import java.util.Set;

/** What the index says of a request. */
public sealed interface Found {

  /** The one route that takes it; {@code index} is its place in {@link RouteTable#routes()}. */
  record Hit(Route route, int index) implements Found {}

  /** Routes take the path, but none takes the method; {@code allowed} goes into the Allow field. */
  record WrongMethod(Set<String> allowed) implements Found {

    /** Copies the methods. */
    public WrongMethod {
      allowed = Set.copyOf(allowed);
    }
  }

  /** Nothing takes the path. */
  record Nothing() implements Found {}
}
