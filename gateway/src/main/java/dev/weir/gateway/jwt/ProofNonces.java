package dev.weir.gateway.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The nonces that proofs have to hold (RFC 9449 §9), so that nobody can make proofs ahead.
 * Computed, not stored: the number of five minutes since 1970, and a keyed digest of it. One is
 * good in its five minutes and in the next.
 *
 * <p>The key is this process's own. A client that comes to another gateway is told that one's
 * nonce, and tries again; it is asked to do no more at every turn of the five minutes.
 */
final class ProofNonces {
  private static final long EPOCH_SECONDS = Duration.ofMinutes(5).toSeconds();
  private static final int MAC_BYTES = 12;
  private static final String HMAC = "HmacSHA256";

  private final SecretKeySpec key;

  ProofNonces(SecureRandom random) {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, HMAC);
  }

  /** Returns the nonce of these five minutes. */
  String current(long nowSeconds) {
    return nonce(nowSeconds / EPOCH_SECONDS);
  }

  boolean isCurrent(String nonce, long nowSeconds) {
    return same(nonce, nonce(nowSeconds / EPOCH_SECONDS));
  }

  boolean isGood(String nonce, long nowSeconds) {
    return isCurrent(nonce, nowSeconds) || same(nonce, nonce(nowSeconds / EPOCH_SECONDS - 1));
  }

  private String nonce(long epoch) {
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

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
