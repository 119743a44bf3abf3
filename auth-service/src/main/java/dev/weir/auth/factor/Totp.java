package dev.weir.auth.factor;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based codes (RFC 6238) in the one form that every authenticator knows: SHA-1, six digits,
 * thirty seconds. A code of the step before or after is taken too, for clocks that are off; one of
 * a step that was used, or lies before a used one, never.
 */
final class Totp {
  static final int STEP_SECONDS = 30;
  static final int SECRET_BYTES = 20;
  private static final int DIGITS = 1_000_000;

  private Totp() {}

  /** Returns the step that this code belongs to, if it is good now and later than the last used. */
  static OptionalLong step(byte[] secret, String code, Instant now, long lastStep) {
    long current = Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
    var found = OptionalLong.empty();
    for (long step = current - 1; step <= current + 1; step++) {
      if (equal(code(secret, step), code) && step > lastStep) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  static String code(byte[] secret, long step) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      var hash = ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(8).putLong(step).array()));
      int offset = hash.get(hash.capacity() - 1) & 0xf;
      return "%06d".formatted((hash.getInt(offset) & 0x7fff_ffff) % DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA1 is part of every Java runtime", e);
    }
  }

  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        other.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
