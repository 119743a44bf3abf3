package dev.weir.auth.key;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

/** One key-encryption key: nothing but other keys is ever encrypted under it. */
public final class Kek {
  private static final int BYTES = 32;

  private final String id;
  private final Aead sealer;

  public Kek(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a key-encryption key has " + BYTES + " bytes");
    }
    var named = Keys.hmac(key, "weir key-encryption key".getBytes(StandardCharsets.US_ASCII));
    this.id = "kek" + HexFormat.of().formatHex(named, 0, 4);
    this.sealer = Sealing.of(key);
  }

  /** Returns a name that the key itself determines, and that tells nothing of it. */
  public String id() {
    return id;
  }

  byte[] wrap(byte[] secret, String kid) {
    return Sealing.seal(sealer, secret, kid.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Opens what {@link #wrap} made for this kid; another key-encryption key, or another row, fails.
   */
  byte[] unwrap(byte[] wrapped, String kid) throws GeneralSecurityException {
    return sealer.decrypt(wrapped, kid.getBytes(StandardCharsets.UTF_8));
  }
}
