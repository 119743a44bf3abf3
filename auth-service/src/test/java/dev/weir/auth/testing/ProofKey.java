package dev.weir.auth.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/** A client's key, and the proofs of it that a client would make (RFC 9449), with plain JCA. */
public record ProofKey(KeyPair keys, InstantSource clock) {
  private static final String ISSUER = "https://localhost:8443/auth";

  public static ProofKey make(InstantSource clock) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return new ProofKey(generator.generateKeyPair(), clock);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a good proof for a request without a token. */
  public String proof(String method, String path, String nonce) {
    return sign(claims(method, ISSUER + path, nonce));
  }

  /** Returns a proof that says it is of another key, and is signed by this one. */
  public String proofOf(ProofKey other, String path, String nonce) {
    var header = "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + other.jwk() + "}";
    return sign(header, claims("POST", ISSUER + path, nonce));
  }

  /** Returns a good proof for a request with a token. */
  public String proofWith(String token, String method, String path) {
    var claims = claims(method, ISSUER + path, "");
    var hash = encoded(sha256(token.getBytes(StandardCharsets.US_ASCII)));
    return sign(claims.replace("\"nonce\":\"\"", "\"ath\":\"" + hash + "\""));
  }

  public String claims(String method, String uri, String nonce) {
    return "{\"jti\":\"%s\",\"htm\":\"%s\",\"htu\":\"%s\",\"iat\":%d,\"nonce\":\"%s\"}"
        .formatted(UUID.randomUUID(), method, uri, clock.instant().getEpochSecond(), nonce);
  }

  public String sign(String claims) {
    return sign("{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":" + jwk() + "}", claims);
  }

  public String sign(String header, String claims) {
    var input = encoded(bytes(header)) + "." + encoded(bytes(claims));
    try {
      var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
      signer.initSign(keys.getPrivate());
      signer.update(bytes(input));
      return input + "." + encoded(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public String thumbprint() {
    return encoded(sha256(bytes(jwk())));
  }

  /** Written as RFC 7638 wants it for the thumbprint. */
  public String jwk() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    return "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            encoded(unsigned(point.getAffineX().toByteArray())),
            encoded(unsigned(point.getAffineY().toByteArray())));
  }

  private static byte[] unsigned(byte[] number) {
    var padded = new byte[32];
    var tail = Arrays.copyOfRange(number, Math.max(0, number.length - 32), number.length);
    System.arraycopy(tail, 0, padded, 32 - tail.length, tail.length);
    return padded;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
