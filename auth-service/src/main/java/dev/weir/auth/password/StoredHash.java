package dev.weir.auth.password;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A password hash as it is stored: the PHC string and the id of the pepper that went in; an
 * imported one is as its maker wrote it, and has no pepper.
 */
public record StoredHash(String phc, String pepperId) {
  static final String NO_PEPPER = "none";
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  static StoredHash of(HashCost cost, byte[] salt, byte[] hash, String pepperId) {
    var base64 = Base64.getEncoder().withoutPadding();
    var phc =
        "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
            .formatted(
                cost.memoryKib(),
                cost.passes(),
                cost.lanes(),
                base64.encodeToString(salt),
                base64.encodeToString(hash));
    return new StoredHash(phc, pepperId);
  }

  /** Takes over a hash that another system made, if passwords can be checked against it here. */
  public static Optional<StoredHash> imported(String text) {
    return ForeignHash.parse(text).map(_ -> new StoredHash(text, NO_PEPPER));
  }

  boolean isForeign() {
    return pepperId.equals(NO_PEPPER);
  }

  Parts parts() {
    var matcher = PHC.matcher(phc);
    if (!matcher.matches()) {
      throw new IllegalStateException("a stored hash is not an argon2id PHC string");
    }
    var cost =
        new HashCost(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)));
    return new Parts(
        cost,
        Base64.getDecoder().decode(matcher.group(4)),
        Base64.getDecoder().decode(matcher.group(5)));
  }

  @Override
  public String toString() {
    return "StoredHash[hidden]";
  }

  /** The parts of a PHC string. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
  record Parts(HashCost cost, byte[] salt, byte[] hash) {}
}
