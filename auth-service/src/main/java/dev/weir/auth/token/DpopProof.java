package dev.weir.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A DPoP proof (RFC 9449 §4.2) whose signature holds under the key that it brings along. What it
 * says is still to be compared with the request.
 *
 * @param key the thumbprint of that key (RFC 7638)
 */
public record DpopProof(
    String key,
    String id,
    String method,
    String uri,
    long issuedSeconds,
    String tokenHash,
    String nonce) {
  /** What metadata and challenges name. */
  public static final List<String> ALGORITHMS = List.of("ES256", "RS256", "PS256");

  private static final int MAX_CHARS = 4096;
  private static final int MAX_ID = 128;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 4096;
  private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "jwk");

  /** Returns the proof, or nothing where it is not sound in itself. */
  public static Optional<DpopProof> read(String text) {
    var parts = text.split("\\.", -1);
    if (text.length() > MAX_CHARS || parts.length != 3) {
      return Optional.empty();
    }
    try {
      var header = AccessTokenReader.json(parts[0]).orElseThrow();
      var key = JWK.parse(header.path("jwk").toString());
      boolean sound = isSound(header, key) && isSigned(header, key, parts);
      var thumbprint = key.computeThumbprint().toString();
      return sound
          ? AccessTokenReader.json(parts[1]).flatMap(claims -> proof(thumbprint, claims))
          : Optional.empty();
    } catch (ParseException | JOSEException | RuntimeException unsound) {
      return Optional.empty();
    }
  }

  /** Members that a header may not have, crit and jku among them, are refused by being others. */
  private static boolean isSound(JsonNode header, JWK key) {
    return HEADER_MEMBERS.containsAll(header.propertyNames())
        && "dpop+jwt".equals(text(header, "typ"))
        && !key.isPrivate()
        && algorithms(key).contains(text(header, "alg"));
  }

  private static List<String> algorithms(JWK key) {
    return switch (key) {
      case ECKey ec when ec.getCurve().equals(Curve.P_256) -> List.of("ES256");
      case RSAKey rsa when rsa.size() >= MIN_RSA_BITS && rsa.size() <= MAX_RSA_BITS ->
          List.of("RS256", "PS256");
      default -> List.of();
    };
  }

  private static boolean isSigned(JsonNode header, JWK key, String[] parts) throws JOSEException {
    JWSVerifier verifier =
        key instanceof ECKey ec
            ? new ECDSAVerifier(ec.toECPublicKey())
            : new RSASSAVerifier(key.toRSAKey().toRSAPublicKey());
    return AccessTokenReader.decode(parts[2]).isPresent()
        && verifier.verify(
            new JWSHeader(JWSAlgorithm.parse(text(header, "alg"))),
            (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
            new Base64URL(parts[2]));
  }

  private static Optional<DpopProof> proof(String key, JsonNode claims) {
    var issued = claims.path("iat");
    var id = text(claims, "jti");
    if (!issued.isIntegralNumber()
        || !issued.canConvertToLong()
        || id.isEmpty()
        || id.length() > MAX_ID) {
      return Optional.empty();
    }
    return Optional.of(
        new DpopProof(
            key,
            id,
            text(claims, "htm"),
            text(claims, "htu"),
            issued.longValue(),
            text(claims, "ath"),
            text(claims, "nonce")));
  }

  private static String text(JsonNode node, String name) {
    var member = node.path(name);
    return member.isString() ? member.stringValue() : "";
  }
}
