package dev.weir.auth.key;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;

/** What a new key consists of. */
final class KeySecret {
  private static final SecureRandom RANDOM = new SecureRandom();

  private KeySecret() {}

  static byte[] fresh(KeyUse use) throws GeneralSecurityException {
    if (use != KeyUse.SIGN) {
      return random(32);
    }
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair().getPrivate().getEncoded();
  }

  static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
