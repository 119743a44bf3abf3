package dev.weir.auth.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Texts of 256 random bits that prove something by being known. Only their digest is stored; as
 * nobody can guess 256 bits, it needs neither salt nor a slow hash.
 */
public final class OpaqueCode {
  private static final SecureRandom RANDOM = new SecureRandom();

  private OpaqueCode() {}

  /** Returns a new one, base64url. */
  public static String make() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns the SHA-256 by which a code, or what a client sent for one, is looked up. */
  public static byte[] digest(String code) {
    return sha256(code.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
    }
  }
}
