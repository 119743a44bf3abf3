package dev.weir.gateway.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** Makes proofs, good ones unless told otherwise. */
record TestProof(ECKey key) {

  static TestProof make() {
    try {
      return new TestProof(new ECKeyGenerator(Curve.P_256).generate());
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String thumbprint() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String header() {
    return "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":%s}"
        .formatted(key.toPublicJWK().toJSONString());
  }

  /** Claims of a proof for GET https://localhost/api/orders; each edit replaces the first text. */
  static String claims(String id, String nonce, String token, String... edits) {
    String json =
        "{\"jti\":\"%s\",\"htm\":\"GET\",\"htu\":\"https://localhost/api/orders\",\"iat\":%d,\"ath\":\"%s\",\"nonce\":\"%s\"}"
            .formatted(id, TestIssuer.NOW, hash(token), nonce);
    for (int i = 0; i < edits.length; i += 2) {
      if (!json.contains(edits[i])) {
        throw new IllegalArgumentException("nothing to edit: " + edits[i]);
      }
      json = json.replace(edits[i], edits[i + 1]);
    }
    return json;
  }

  String sign(String claims) {
    return sign(header(), claims);
  }

  String sign(String header, String claims) {
    return TestIssuer.sign(header, claims, "ES256", TestIssuer.privateKey(key));
  }

  static String hash(String token) {
    try {
      byte[] bytes = token.getBytes(StandardCharsets.US_ASCII);
      return TestIssuer.encode(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
