package dev.weir.gateway.route;

import java.util.Set;

/**
 * How an issuer's tokens differ from RFC 9068's.
 *
 * @param types the accepted {@code typ}, in lower case and without {@code application/}; the empty
 *     text stands for none
 * @param otherAudiences what may stand beside our own audience
 */
public record Dialect(
    Set<String> types, Set<String> otherAudiences, ClaimNames names, Namespace namespace) {
  private static final String ACCESS_TOKEN = "at+jwt";

  /** RFC 9068, for us alone. */
  public static final Dialect STANDARD =
      new Dialect(Set.of(ACCESS_TOKEN), Set.of(), ClaimNames.STANDARD, Namespace.NONE);

  /** Copies the sets. */
  public Dialect {
    types = Set.copyOf(types);
    otherAudiences = Set.copyOf(otherAudiences);
  }

  /** Returns whether every token says that it is an access token, and so has to be a whole one. */
  public boolean isProfiled() {
    return types.equals(STANDARD.types);
  }

  /** Returns the same with a namespace. */
  public Dialect in(Namespace other) {
    return new Dialect(types, otherAudiences, names, other);
  }
}
