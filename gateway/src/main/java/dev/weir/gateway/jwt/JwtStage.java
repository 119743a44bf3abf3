package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.route.Authentication;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** Makes the token-checking enforcer of each route; one per process. */
public final class JwtStage {
  private final KeySets keys;
  private final Revocations revocations;
  private final TokenMeters meters;

  /** Checks tokens with these keys and against these revocations. */
  public JwtStage(KeySets keys, Revocations revocations, MeterRegistry registry) {
    this.keys = keys;
    this.revocations = revocations;
    this.meters = new TokenMeters(registry);
  }

  /** Returns the enforcer of a route's policy: nothing where anyone may call. */
  public Optional<Enforcer> enforcer(Authentication policy) {
    return switch (policy) {
      case Authentication.Open() -> Optional.empty();
      case Authentication.Jwt jwt ->
          Optional.of(new JwtEnforcer(keys.of(jwt.issuer()), revocations, meters));
    };
  }
}
