package dev.weir.gateway.route;

import java.util.Set;

/** Who may call a route. */
public sealed interface Authentication {

  /** Anyone may; the route file has to say so. */
  record Open() implements Authentication {}

  /**
   * A caller with a token of this issuer may, who has every one of the scopes and, where roles are
   * named, at least one of them.
   */
  record Jwt(Issuer issuer, Set<String> roles, Set<String> scopes) implements Authentication {

    /** Copies the sets. */
    public Jwt {
      roles = Set.copyOf(roles);
      scopes = Set.copyOf(scopes);
    }
  }
}
