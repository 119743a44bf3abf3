package dev.weir.gateway.route;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Who may sign tokens, and how strictly they are read.
 *
 * @param name the name in the route file and in metrics
 * @param issuer the exact {@code iss} value
 * @param jwks where the issuer publishes its keys (RFC 7517)
 * @param audience the {@code aud} value that must be among the token's
 * @param algorithms the JWS algorithms accepted, an allowlist (RFC 8725 §3.1)
 * @param clockSkew tolerance for exp, nbf and iat
 */
public record Issuer(
    String name,
    String issuer,
    URI jwks,
    String audience,
    Set<String> algorithms,
    Duration clockSkew) {

  /** Copies the algorithms. */
  public Issuer {
    algorithms = Set.copyOf(algorithms);
  }
}
