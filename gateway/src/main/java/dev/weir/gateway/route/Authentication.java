package dev.weir.gateway.route;

import java.util.Set;

/** Who may call a route. */
public sealed interface Authentication {

  /** Anyone may; the route file has to say so. */
  record Open() implements Authentication {}

  /**
   * A caller with a token of this issuer may, who has every one of the scopes and, where roles are
   * named, at least one of them, and who proved who they are as the route asks.
   */
  record Jwt(Issuer issuer, Set<String> roles, Set<String> scopes, StepUp stepUp)
      implements Authentication {

    /** Copies the sets. */
    public Jwt {
      roles = Set.copyOf(roles);
      scopes = Set.copyOf(scopes);
    }

    /** A rule that any good token meets which has role and scopes. */
    public Jwt(Issuer issuer, Set<String> roles, Set<String> scopes) {
      this(issuer, roles, scopes, StepUp.NONE);
    }
  }
}
