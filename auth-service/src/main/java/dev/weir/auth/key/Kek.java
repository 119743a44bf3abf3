package dev.weir.auth.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.spec.SecretKeySpec;

/** The key-encryption key of the deployment: nothing but other keys is ever encrypted under it. */
public final class Kek {
  private static final int BYTES = 32;

  private final SecretKeySpec key;

  public Kek(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a key-encryption key has " + BYTES + " bytes");
    }
    this.key = new SecretKeySpec(key, "AES");
  }

  byte[] wrap(byte[] secret, String kid) {
    return Sealing.seal(key, secret, kid.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Opens what {@link #wrap} made for this kid; another key-encryption key, or another row, fails.
   */
  byte[] unwrap(byte[] wrapped, String kid) throws GeneralSecurityException {
    return Sealing.open(key, wrapped, kid.getBytes(StandardCharsets.UTF_8));
  }
}
