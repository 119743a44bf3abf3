package dev.weir.jmh.sample;

import dev.weir.gateway.route.Issuer;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;

/** Signs access tokens with one key of its own, by the JDK's own means. */
public final class SampleIssuer {
  /** The second at which its tokens are good. */
  public static final long NOW = 1_800_000_000L;

  private static final String NAME = "https://issuer.test/auth";

  private final String algorithm;
  private final KeyPair pair;

  /** Makes a key for RS256, ES256 or EdDSA. */
  public SampleIssuer(String algorithm) {
    this.algorithm = algorithm;
    try {
      this.pair = generator(algorithm).generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPairGenerator generator(String algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case "RS256" -> {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        yield rsa;
      }
      case "ES256" -> {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        yield ec;
      }
      case "EdDSA" -> KeyPairGenerator.getInstance("Ed25519");
      default -> throw new IllegalArgumentException(algorithm);
    };
  }

  /** Returns the policy of routes that take its tokens. */
  public Issuer policy(URI jwks) {
    return new Issuer("weir", NAME, jwks, "weir-api", Set.of(algorithm), Duration.ofSeconds(30));
  }

  /** Returns a good token. */
  public String token(String id) {
    String header = "{\"typ\":\"at+jwt\",\"alg\":\"" + algorithm + "\",\"kid\":\"k\"}";
    String claims =
        """
        {"iss":"%s","sub":"user-1","aud":"weir-api","exp":%d,"iat":%d,"jti":"%s",\
        "client_id":"web","sid":"session-1","ue":3,"scope":"orders:read orders:write",\
        "roles":["customer"]}\
        """
            .formatted(NAME, NOW + 300, NOW, id);
    String input = encode(header) + "." + encode(claims);
    return input + "." + encode(sign(input.getBytes(StandardCharsets.US_ASCII)));
  }

  private byte[] sign(byte[] input) {
    try {
      Signature signer =
          Signature.getInstance(
              switch (algorithm) {
                case "RS256" -> "SHA256withRSA";
                case "ES256" -> "SHA256withECDSAinP1363Format";
                default -> "Ed25519";
              });
      signer.initSign(pair.getPrivate());
      signer.update(input);
      return signer.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Returns its key set (RFC 7517). */
  public String keySet() {
    return "{\"keys\":[{\"kid\":\"k\",\"use\":\"sig\","
        + parameters(pair.getPublic())
        + ",\"alg\":\""
        + algorithm
        + "\"}]}";
  }

  private static String parameters(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa ->
          "\"kty\":\"RSA\",\"n\":\""
              + encode(unsigned(rsa.getModulus(), 256))
              + "\",\"e\":\""
              + encode(unsigned(rsa.getPublicExponent(), 3))
              + "\"";
      case ECPublicKey ec ->
          "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
              + encode(unsigned(ec.getW().getAffineX(), 32))
              + "\",\"y\":\""
              + encode(unsigned(ec.getW().getAffineY(), 32))
              + "\"";
      case EdECPublicKey ed ->
          "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + encode(littleEndian(ed)) + "\"";
      default -> throw new IllegalArgumentException(key.getAlgorithm());
    };
  }

  private static byte[] littleEndian(EdECPublicKey key) {
    byte[] big = unsigned(key.getPoint().getY(), 32);
    byte[] little = new byte[big.length];
    for (int i = 0; i < big.length; i++) {
      little[i] = big[big.length - 1 - i];
    }
    if (key.getPoint().isXOdd()) {
      little[31] |= (byte) 0x80;
    }
    return little;
  }

  private static byte[] unsigned(BigInteger number, int length) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[length];
    int from = Math.max(0, signed.length - length);
    System.arraycopy(signed, from, bytes, length - (signed.length - from), signed.length - from);
    return bytes;
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
