package dev.weir.gateway.route;

import java.util.Optional;

/**
 * Which claims of an issuer's tokens mean what.
 *
 * @param id names one token; where none is mapped, {@code jti}
 * @param roles empty where the issuer's roles count for nothing here
 * @param scope the same of its scopes
 * @param acr the same of how and when its callers proved who they are
 * @param tenant empty where its callers belong to none
 */
public record ClaimNames(
    ClaimPath subject,
    ClaimPath session,
    ClaimPath id,
    Optional<ClaimPath> roles,
    Optional<ClaimPath> scope,
    Optional<ClaimPath> acr,
    Optional<ClaimPath> tenant) {

  /** The names that RFC 9068 and the auth service use. */
  public static final ClaimNames STANDARD =
      new ClaimNames(
          ClaimPath.name("sub"),
          ClaimPath.name("sid"),
          ClaimPath.name("jti"),
          Optional.of(ClaimPath.name("roles")),
          Optional.of(ClaimPath.name("scope")),
          Optional.of(ClaimPath.name("acr")),
          Optional.empty());
}
