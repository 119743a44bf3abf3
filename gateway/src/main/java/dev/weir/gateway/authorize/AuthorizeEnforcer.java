package dev.weir.gateway.authorize;

import dev.weir.gateway.exchange.Assurance;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.StepUp;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks of a verified caller every scope that the route names, where it names roles one of them, and
 * where it names an {@code acr} or a {@code max-age} a login of that kind or that age.
 *
 * <p>Roles come first: a caller who may never use the route should not be sent for a scope. The
 * refusal tells the scopes that the route needs (RFC 6750 §3.1), never its roles or what the caller
 * has.
 *
 * <p>A stronger login comes last, as it is of no use to whoever may not pass with it either. Its
 * refusal tells what is needed (RFC 9470 §3): an identity service can then ask the person for it.
 *
 * <p>Per request: look-ups in immutable sets, O(roles + scopes of the route); allocates nothing, as
 * all refusals are made once.
 */
public final class AuthorizeEnforcer implements Enforcer {
  private final Set<String> roles;
  private final Set<String> scopes;
  private final Verdict lacksRole;
  private final Verdict lacksScope;
  private final StepUp stepUp;
  private final Set<String> acr;
  private final long maxAgeSeconds;
  private final InstantSource clock;
  private final Verdict needsStepUp;

  private AuthorizeEnforcer(Authentication.Jwt policy, InstantSource clock) {
    this.stepUp = policy.stepUp();
    this.acr = stepUp.accepted();
    this.maxAgeSeconds = stepUp.maxAge().map(Duration::toSeconds).orElse(Long.MAX_VALUE);
    this.clock = clock;
    this.needsStepUp =
        refuse(
            GatewayError.STEP_UP_REQUIRED,
            "Log in again, as WWW-Authenticate says, and repeat the request with the new token",
            challenge(stepUp));
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
  public static Optional<Enforcer> of(Authentication policy, InstantSource clock) {
    return switch (policy) {
      case Authentication.Open() -> Optional.empty();
      case Authentication.Jwt jwt when asksForNothing(jwt) -> Optional.empty();
      case Authentication.Jwt jwt -> Optional.of(new AuthorizeEnforcer(jwt, clock));
    };
  }

  private static boolean asksForNothing(Authentication.Jwt jwt) {
    return jwt.roles().isEmpty() && jwt.scopes().isEmpty() && jwt.stepUp().isNone();
  }

  private static String challenge(StepUp stepUp) {
    StringBuilder text =
        new StringBuilder("Bearer realm=\"weir\", error=\"insufficient_user_authentication\"");
    if (!stepUp.acr().isEmpty()) {
      text.append(", acr_values=\"")
          .append(String.join(" ", new TreeSet<>(stepUp.acr())))
          .append('"');
    }
    stepUp.maxAge().ifPresent(age -> text.append(", max_age=").append(age.toSeconds()));
    return text.toString();
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
    if (!caller.scopes().containsAll(scopes)) {
      return lacksScope;
    }
    return stepUp.isNone() || isMetBy(caller.assurance()) ? Verdict.PROCEED : needsStepUp;
  }

  private boolean isMetBy(Assurance assurance) {
    if (!acr.isEmpty() && !acr.contains(assurance.acr())) {
      return false;
    }
    // Without the claim nobody knows the age, so no bound on it is met.
    return stepUp.maxAge().isEmpty()
        || (assurance.authenticatedSeconds() >= 0
            && clock.instant().getEpochSecond() - assurance.authenticatedSeconds()
                <= maxAgeSeconds);
  }
}
