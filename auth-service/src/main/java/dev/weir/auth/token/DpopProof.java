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
 * A DPoP proof (RFC 9449 §4.2) as it was brought. It proves nothing yet: what it says is to be
 * compared with the request first, which costs nothing, and then its signature checked, which costs
 * what whoever made its key likes it to.
 *
 * @param key the thumbprint of the key that it brings along (RFC 7638)
 */
public record DpopProof(
    String key,
    String id,
    String method,
    String uri,
    long issuedSeconds,
    String tokenHash,
    String nonce,
    Signature signature) {
  /** What metadata and challenges name. */
  public static final List<String> ALGORITHMS = List.of("ES256", "RS256", "PS256");

  private static final int MAX_CHARS = 4096;
  private static final int MAX_ID = 128;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 4096;
  private static final int MAX_EXPONENT_BITS = 17;
  private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "jwk");

  /** Returns the proof, or nothing where it is none. */
  public static Optional<DpopProof> read(String text) {
    var parts = text.split("\\.", -1);
    if (text.length() > MAX_CHARS || parts.length != 3) {
      return Optional.empty();
    }
    try {
      var header = AccessTokenReader.json(parts[0]).orElseThrow();
      var key = JWK.parse(header.path("jwk").toString());
      if (!isSound(header, key)) {
        return Optional.empty();
      }
      var thumbprint = key.computeThumbprint().toString();
      var signature = new Signature(key, text(header, "alg"), parts[0] + "." + parts[1], parts[2]);
      return AccessTokenReader.json(parts[1])
          .flatMap(claims -> proof(thumbprint, claims, signature));
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
      case RSAKey rsa when isCheap(rsa) -> List.of("RS256", "PS256");
      default -> List.of();
    };
  }

  /** A stranger makes the key: one with a long exponent costs a hundred times a usual one. */
  private static boolean isCheap(RSAKey key) {
    int bits = key.getModulus().decodeToBigInteger().bitLength();
    var exponent = key.getPublicExponent().decodeToBigInteger();
    return bits >= MIN_RSA_BITS
        && bits <= MAX_RSA_BITS
        && exponent.testBit(0)
        && exponent.bitLength() > 1
        && exponent.bitLength() <= MAX_EXPONENT_BITS;
  }

  /** Checks the signature under the proof's own key; takes longer than an event loop has. */
  public boolean isSigned() {
    return signature.holds();
  }

  private static Optional<DpopProof> proof(String key, JsonNode claims, Signature signature) {
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
            text(claims, "nonce"),
            signature));
  }

  private static String text(JsonNode node, String name) {
    var member = node.path(name);
    return member.isString() ? member.stringValue() : "";
  }

  /** What a proof is signed with, and what was signed. */
  record Signature(JWK key, String algorithm, String input, String value) {
    boolean holds() {
      try {
        JWSVerifier verifier =
            key instanceof ECKey ec
                ? new ECDSAVerifier(ec.toECPublicKey())
                : new RSASSAVerifier(key.toRSAKey().toRSAPublicKey());
        return AccessTokenReader.decode(value).isPresent()
            && verifier.verify(
                new JWSHeader(JWSAlgorithm.parse(algorithm)),
                input.getBytes(StandardCharsets.US_ASCII),
                new Base64URL(value));
      } catch (JOSEException | RuntimeException malformed) {
        return false;
      }
    }
  }
}
