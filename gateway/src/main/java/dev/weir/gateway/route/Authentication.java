package dev.weir.gateway.route;

import java.util.List;
import java.util.Set;

/** Who may call a route. */
public sealed interface Authentication {

  /** Anyone may; the route file has to say so. */
  record Open() implements Authentication {}

  /**
   * A caller with a token of one of these issuers may, who has every one of the scopes and, where
   * roles are named, at least one of them, and who proved who they are as the route asks.
   *
   * @param issuers at least one, each with an {@code iss} of its own
   */
  record Jwt(List<Issuer> issuers, Set<String> roles, Set<String> scopes, StepUp stepUp)
      implements Authentication {

    /** Copies the collections. */
    public Jwt {
      issuers = List.copyOf(issuers);
      roles = Set.copyOf(roles);
      scopes = Set.copyOf(scopes);
    }

    /** A rule that any good token of one issuer meets which has role and scopes. */
    public Jwt(Issuer issuer, Set<String> roles, Set<String> scopes) {
      this(List.of(issuer), roles, scopes, StepUp.NONE);
    }

    /** A rule for the tokens of one issuer. */
    public Jwt(Issuer issuer, Set<String> roles, Set<String> scopes, StepUp stepUp) {
      this(List.of(issuer), roles, scopes, stepUp);
    }
  }
}
