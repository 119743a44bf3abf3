package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the token-checking enforcer of each route; one per process. */
public final class JwtStage {
  private final KeySets keys;
  private final Revocations revocations;
  private final TokenMeters meters;
  private final SenderCheck senders;

  /** Checks tokens with these keys and against these revocations, and proofs by this ledger. */
  public JwtStage(
      KeySets keys,
      Revocations revocations,
      ProofLedger proofs,
      InstantSource clock,
      MeterRegistry registry) {
    this.keys = keys;
    this.revocations = revocations;
    this.meters = new TokenMeters(registry);
    this.senders = new SenderCheck(proofs, clock, new ProofMeters(registry));
  }

  /** Returns the enforcer of a route: nothing where anyone may call. */
  public Optional<Enforcer> enforcer(Route route) {
    return switch (route.authentication()) {
      case Authentication.Open() -> Optional.empty();
      case Authentication.Jwt jwt -> Optional.of(enforcer(jwt.issuers(), claims(route)));
    };
  }

  private Enforcer enforcer(List<Issuer> issuers, Set<String> claims) {
    JwtEnforcer first = enforcer(issuers.getFirst(), claims);
    if (issuers.size() == 1) {
      return first;
    }
    Map<String, JwtEnforcer> byName = new HashMap<>();
    issuers.forEach(issuer -> byName.put(issuer.issuer(), enforcer(issuer, claims)));
    return new SeveralIssuers(first, byName);
  }

  private JwtEnforcer enforcer(Issuer issuer, Set<String> claims) {
    IssuerTokens tokens = keys.of(issuer);
    tokens.keepClaims(claims);
    return new JwtEnforcer(tokens, revocations, senders, meters);
  }

  /**
   * Returns the names of the claims by which the route's limits and priority tell callers apart.
   */
  private static Set<String> claims(Route route) {
    Set<String> names = new HashSet<>();
    for (Limit limit : route.limits()) {
      for (KeyPart part : limit.key().parts()) {
        if (part instanceof KeyPart.Claim(String name)) {
          names.add(name);
        }
      }
    }
    if (route.priority().isByClaim()) {
      names.add(route.priority().claim());
    }
    return names;
  }
}
