package dev.weir.gateway.route;

import java.util.Optional;
import java.util.Set;

/**
 * Which requests a route takes.
 *
 * @param host lower case, without port; empty: any host
 * @param methods upper case; empty: any method
 */
public record Match(Optional<String> host, PathPattern path, Set<String> methods) {

  /** Copies the methods. */
  public Match {
    methods = Set.copyOf(methods);
  }
}
