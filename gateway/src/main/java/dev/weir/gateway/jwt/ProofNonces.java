package dev.weir.gateway.jwt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The nonces that proofs have to hold (RFC 9449 §9), so that nobody can make proofs ahead.
 * Computed, not stored: the number of five minutes since 1970, and a digest of it under a key of
 * this process alone. One is good in its five minutes and in the next.
 */
final class ProofNonces {
  static final long EPOCH_SECONDS = Duration.ofMinutes(5).toSeconds();
  private static final int MAC_BYTES = 12;
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  ProofNonces(SecureRandom random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, HMAC);
  }

  String of(long epoch) {
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      byte[] digest = Arrays.copyOf(mac.doFinal(number), MAC_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
