package dev.weir.gateway.jwt;

import java.util.Map;
import java.util.Optional;

/**
 * One entry of the revocation stream.
 *
 * @param id a session, a token or a subject
 * @param leastEpoch what {@code ue} must be at least; for subjects only
 * @param mootSeconds when no token that it concerns is alive any more
 */
public record Revocation(Kind kind, String id, long leastEpoch, long mootSeconds) {
  private static final int ID_BOUND = 255;

  /**
   * The writer reckons with a clock skew of 60 s; an issuer's skew here may be two minutes, and a
   * revocation must outlive every token that it concerns.
   */
  private static final long MORE_SKEW_SECONDS = 60;

  /** What is revoked. */
  public enum Kind {
    SESSION,
    TOKEN,
    EPOCH
  }

  /** Reads an entry's fields; nothing where it is malformed. */
  public static Optional<Revocation> of(Map<String, String> fields) {
    String id = fields.getOrDefault("id", "");
    if (!StrictJson.isVisibleAscii(id, ID_BOUND)) {
      return Optional.empty();
    }
    try {
      long moot = Math.addExact(Long.parseLong(fields.getOrDefault("exp", "")), MORE_SKEW_SECONDS);
      return switch (fields.getOrDefault("kind", "")) {
        case "sid" -> Optional.of(new Revocation(Kind.SESSION, id, 0, moot));
        case "jti" -> Optional.of(new Revocation(Kind.TOKEN, id, 0, moot));
        case "ue" -> {
          long least = Long.parseLong(fields.getOrDefault("value", ""));
          yield Optional.of(new Revocation(Kind.EPOCH, id, least, moot));
        }
        default -> Optional.empty();
      };
    } catch (NumberFormatException | ArithmeticException malformed) {
      return Optional.empty();
    }
  }
}
