package dev.weir.gateway.authorize;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks of a verified caller every scope that the route names and, where it names roles, one of
 * them.
 *
 * <p>Roles come first: a caller who may never use the route should not be sent for a scope. The
 * refusal tells the scopes that the route needs (RFC 6750 §3.1), never its roles or what the caller
 * has.
 *
 * <p>Per request: look-ups in immutable sets, O(roles + scopes of the route); allocates nothing, as
 * both refusals are made once.
 */
public final class AuthorizeEnforcer implements Enforcer {
  private final Set<String> roles;
  private final Set<String> scopes;
  private final Verdict lacksRole;
  private final Verdict lacksScope;

  private AuthorizeEnforcer(Authentication.Jwt policy) {
    this.roles = policy.roles();
    this.scopes = policy.scopes();
    String challenge = "Bearer realm=\"weir\", error=\"insufficient_scope\"";
    this.lacksRole =
        refuse(
            GatewayError.INSUFFICIENT_ROLE,
            "The caller has none of the roles that this route takes",
            challenge);
    this.lacksScope =
        refuse(
            GatewayError.INSUFFICIENT_SCOPE,
            "The token does not have every scope that this route needs",
            challenge + ", scope=\"" + String.join(" ", new TreeSet<>(scopes)) + "\"");
  }

  /** Returns the enforcer of a route's policy: nothing where any verified caller may pass. */
  public static Optional<Enforcer> of(Authentication policy) {
    return switch (policy) {
      case Authentication.Open() -> Optional.empty();
      case Authentication.Jwt jwt when jwt.roles().isEmpty() && jwt.scopes().isEmpty() ->
          Optional.empty();
      case Authentication.Jwt jwt -> Optional.of(new AuthorizeEnforcer(jwt));
    };
  }

  private static Verdict refuse(GatewayError error, String detail, String challenge) {
    return new Verdict.Refuse(
        new Rejection(error, detail, List.of(new Rejection.Header("WWW-Authenticate", challenge))));
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    Caller caller = exchange.caller();
    if (!roles.isEmpty() && Collections.disjoint(roles, caller.roles())) {
      return lacksRole;
    }
    return caller.scopes().containsAll(scopes) ? Verdict.PROCEED : lacksScope;
  }
}
