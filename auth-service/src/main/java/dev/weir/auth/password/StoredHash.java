package dev.weir.auth.password;

import java.util.Base64;
import java.util.regex.Pattern;

/** A password hash as it is stored: the PHC string and the id of the pepper that went in. */
public record StoredHash(String phc, String pepperId) {
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
