package dev.weir.auth.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/** What gateways must refuse from now on, and until when it matters. */
public record Revocation(Kind kind, UUID id, String value, long expiresAt, String reason) {
  /**
   * The 360 s of the wire contract: life of an access token and accepted clock skew: nothing older
   * can still be presented.
   */
  public static final Duration LIFE = Duration.ofMinutes(6);

  byte[] pack() {
    return String.join("\n", kind.name(), id.toString(), value, Long.toString(expiresAt), reason)
        .getBytes(StandardCharsets.UTF_8);
  }

  static Revocation unpack(byte[] packed) {
    var parts = new String(packed, StandardCharsets.UTF_8).split("\n", 5);
    return new Revocation(
        Kind.valueOf(parts[0]),
        UUID.fromString(parts[1]),
        parts[2],
        Long.parseLong(parts[3]),
        parts[4]);
  }

  /** What is revoked: one session, or every token of a person below an epoch. */
  public enum Kind {
    SID,
    UE;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
