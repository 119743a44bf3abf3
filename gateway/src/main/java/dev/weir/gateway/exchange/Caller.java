package dev.weir.gateway.exchange;

import java.util.Set;

/**
 * A verified identity.
 *
 * @param subject the token's {@code sub}; empty for the anonymous caller
 * @param session the token's {@code sid}; empty where it has none
 * @param tokenKey a digest that names the token in buckets, never the token itself
 */
public record Caller(
    String subject, String session, String tokenKey, Set<String> roles, Set<String> scopes) {

  /** Nobody in particular. */
  public static final Caller ANONYMOUS = new Caller("", "", "", Set.of(), Set.of());

  /** Copies the sets. */
  public Caller {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /** Returns whether an identity was verified. */
  public boolean isVerified() {
    return !subject.isEmpty();
  }
}
