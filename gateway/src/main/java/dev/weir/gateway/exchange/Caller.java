package dev.weir.gateway.exchange;

import java.util.Map;
import java.util.Set;

/**
 * A verified identity.
 *
 * @param subject the token's {@code sub}; empty for the anonymous caller
 * @param session the token's {@code sid}; empty where it has none
 * @param tokenKey a digest that names the token in buckets, never the token itself
 * @param claims the token's texts under the names that some limit or priority goes by, and no
 *     others
 * @param issuer who says so: another issuer's subject of the same name is somebody else
 * @param assurance how and when they proved it
 */
public record Caller(
    String subject,
    String session,
    String tokenKey,
    Set<String> roles,
    Set<String> scopes,
    Map<String, String> claims,
    String issuer,
    Assurance assurance) {

  /** Nobody in particular. */
  public static final Caller ANONYMOUS = new Caller("", "", "", Set.of(), Set.of());

  /** Copies the collections. */
  public Caller {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
    claims = Map.copyOf(claims);
  }

  /** A caller of whom no limit wants to know more. */
  public Caller(
      String subject, String session, String tokenKey, Set<String> roles, Set<String> scopes) {
    this(subject, session, tokenKey, roles, scopes, Map.of(), "");
  }

  /** A caller of whom no route asks how they proved who they are. */
  public Caller(
      String subject,
      String session,
      String tokenKey,
      Set<String> roles,
      Set<String> scopes,
      Map<String, String> claims,
      String issuer) {
    this(subject, session, tokenKey, roles, scopes, claims, issuer, Assurance.NONE);
  }

  /** Returns a claim's text, or the empty string. */
  public String claim(String name) {
    return claims.getOrDefault(name, "");
  }

  /** Returns whether an identity was verified. */
  public boolean isVerified() {
    return !subject.isEmpty();
  }
}
