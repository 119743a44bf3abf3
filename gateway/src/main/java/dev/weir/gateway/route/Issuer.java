package dev.weir.gateway.route;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Who may sign tokens, and how strictly they are read.
 *
 * @param name the name in the route file and in metrics
 * @param issuer the exact {@code iss} value
 * @param keys where the issuer publishes its keys
 * @param audience the {@code aud} value that must be the token's
 * @param algorithms the JWS algorithms accepted, an allowlist (RFC 8725 §3.1)
 * @param clockSkew tolerance for exp, nbf and iat
 * @param dialect how its tokens differ from the standard's
 */
public record Issuer(
    String name,
    String issuer,
    KeyPlace keys,
    String audience,
    Set<String> algorithms,
    Duration clockSkew,
    Dialect dialect) {

  /** Copies the algorithms. */
  public Issuer {
    algorithms = Set.copyOf(algorithms);
  }

  /** An issuer of RFC 9068's tokens with a key set at a known place. */
  public Issuer(
      String name,
      String issuer,
      URI jwks,
      String audience,
      Set<String> algorithms,
      Duration clockSkew) {
    this(name, issuer, new KeyPlace.Jwks(jwks), audience, algorithms, clockSkew, Dialect.STANDARD);
  }

  /** Returns the same issuer in a namespace. */
  public Issuer in(Namespace namespace) {
    return new Issuer(name, issuer, keys, audience, algorithms, clockSkew, dialect.in(namespace));
  }
}
