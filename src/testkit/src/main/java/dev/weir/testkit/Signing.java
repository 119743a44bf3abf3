package dev.weir.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** What the JDK signs with, and how JOSE writes it down. */
final class Signing {

  private Signing() {}

  static KeyPair keys(String algorithm, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Returns a JWS in its compact form. */
  static String compact(Map<String, ?> header, Map<String, ?> claims, KeyPair keys, String jca) {
    String input = encode(Json.of(header)) + "." + encode(Json.of(claims));
    try {
      Signature signer = Signature.getInstance(jca);
      signer.initSign(keys.getPrivate());
      signer.update(bytes(input));
      return input + "." + encode(signer.sign());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String encode(String text) {
    return encode(bytes(text));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns a number without its sign, at its full width where it has one. */
  static String unsigned(byte[] number, int width) {
    byte[] bare = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    byte[] wide = new byte[Math.max(width, bare.length)];
    System.arraycopy(bare, 0, wide, wide.length - bare.length, bare.length);
    return encode(wide);
  }

  static String sha256(String text) {
    try {
      return encode(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
