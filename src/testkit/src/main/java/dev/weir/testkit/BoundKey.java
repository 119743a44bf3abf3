package dev.weir.testkit;

import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A client's key, to which sessions can be bound, and the proofs of it (RFC 9449). */
public final class BoundKey {
  private static final int COORDINATE_BYTES = 32;

  private final KeyPair keys = Signing.keys("EC", new ECGenParameterSpec("secp256r1"));

  /** Returns the thumbprint that a token's {@code cnf.jkt} holds (RFC 7638). */
  public String thumbprint() {
    return Signing.sha256(Json.of(jwk()));
  }

  /**
   * Returns a proof for a request without a token, which asks for one.
   *
   * @param uri as the client calls it, without its query
   * @param nonce of the last {@code DPoP-Nonce}; empty for none
   */
  public String proof(String method, String uri, String nonce) {
    return proof(method, uri, Map.of(), nonce);
  }

  /**
   * Returns a proof for a request with a token.
   *
   * @param uri as the client calls it, without its query
   * @param nonce of the last {@code DPoP-Nonce}; empty for none
   */
  public String proof(String method, String uri, String token, String nonce) {
    return proof(method, uri, Map.of("ath", Signing.sha256(token)), nonce);
  }

  private String proof(String method, String uri, Map<String, String> more, String nonce) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("typ", "dpop+jwt");
    header.put("alg", "ES256");
    header.put("jwk", jwk());
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", UUID.randomUUID());
    claims.put("htm", method);
    claims.put("htu", uri);
    claims.put("iat", Instant.now().getEpochSecond());
    claims.putAll(more);
    if (!nonce.isEmpty()) {
      claims.put("nonce", nonce);
    }
    return Signing.compact(header, claims, keys, "SHA256withECDSAinP1363Format");
  }

  /** In the order of RFC 7638, so that it can be digested as it is. */
  private Map<String, String> jwk() {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    Map<String, String> jwk = new TreeMap<>();
    jwk.put("crv", "P-256");
    jwk.put("kty", "EC");
    jwk.put("x", Signing.unsigned(key.getW().getAffineX().toByteArray(), COORDINATE_BYTES));
    jwk.put("y", Signing.unsigned(key.getW().getAffineY().toByteArray(), COORDINATE_BYTES));
    return jwk;
  }
}
