package dev.weir.gateway.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an issuer's key set (RFC 7517) and keeps the keys that may verify: public, asymmetric,
 * strong enough, named, and for exactly one of the issuer's algorithms (RFC 8725 §3.1 and its
 * successor: one key, one algorithm). A key that does not fit is left out, alone.
 */
final class KeySetReader {
  private static final int KEYS_BOUND = 100;
  private static final int RSA_LEAST_BITS = 2048;
  private static final Set<String> RSA =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
  private static final Map<Curve, String> EC =
      Map.of(Curve.P_256, "ES256", Curve.P_384, "ES384", Curve.P_521, "ES512");

  private final Set<String> algorithms;
  private final RsaBound most;

  /** Makes a reader of what an issuer has published. */
  KeySetReader(Set<String> algorithms) {
    this(algorithms, RsaBound.OF_ISSUERS);
  }

  KeySetReader(Set<String> algorithms, RsaBound most) {
    this.algorithms = algorithms;
    this.most = most;
  }

  /** Returns the usable keys; empty where the document is none, is too large or has no such key. */
  Optional<KeySet> read(byte[] json) {
    JsonNode listed = StrictJson.object(json).map(object -> object.get("keys")).orElse(null);
    if (listed == null || !listed.isArray() || listed.size() > KEYS_BOUND) {
      return Optional.empty();
    }
    Map<String, VerificationKey> keys = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (JsonNode entry : listed) {
      if (entry instanceof ObjectNode object) {
        key(object)
            .filter(key -> keys.put(key.id(), key) != null)
            .ifPresent(key -> ambiguous.add(key.id()));
      }
    }
    keys.keySet().removeAll(ambiguous);
    return keys.isEmpty() ? Optional.empty() : Optional.of(new KeySet(keys));
  }

  private Optional<VerificationKey> key(ObjectNode entry) {
    try {
      JWK key = JWK.parse(entry.toString());
      String algorithm = algorithmOf(key).orElse("");
      if (!algorithms.contains(algorithm) || !mayVerify(key)) {
        return Optional.empty();
      }
      SignatureCheck check = check(key, JWSAlgorithm.parse(algorithm));
      String thumbprint = key.computeThumbprint().toString();
      return Optional.of(new VerificationKey(key.getKeyID(), algorithm, thumbprint, check));
    } catch (ParseException | JOSEException | RuntimeException unusable) {
      return Optional.empty();
    }
  }

  private static boolean mayVerify(JWK key) {
    @Nullable String id = key.getKeyID();
    @Nullable KeyUse use = key.getKeyUse();
    @Nullable Set<KeyOperation> operations = key.getKeyOperations();
    return id != null
        && StrictJson.isVisibleAscii(id, 128)
        // A published private key is everyone's key.
        && !key.isPrivate()
        && (use == null || use.equals(KeyUse.SIGNATURE))
        && (operations == null || operations.contains(KeyOperation.VERIFY));
  }

  /** What the key says, if it can; else what it can only be. */
  private Optional<String> algorithmOf(JWK key) {
    List<String> possible =
        switch (key) {
          case RSAKey rsa -> isStrong(rsa) ? List.copyOf(RSA) : List.of();
          case ECKey ec -> Optional.ofNullable(EC.get(ec.getCurve())).stream().toList();
          case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
              List.of("EdDSA", "Ed25519");
          default -> List.of();
        };
    String stated = key.getAlgorithm() == null ? "" : key.getAlgorithm().getName();
    List<String> fitting =
        possible.stream()
            .filter(algorithms::contains)
            .filter(name -> stated.isEmpty() || stated.equals(name))
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  private boolean isStrong(RSAKey key) throws IllegalArgumentException {
    int bits = key.getModulus().decodeToBigInteger().bitLength();
    var exponent = key.getPublicExponent().decodeToBigInteger();
    return bits >= RSA_LEAST_BITS
        && bits <= most.modulusBits()
        && exponent.testBit(0)
        && exponent.bitLength() > 1
        && exponent.bitLength() <= most.exponentBits();
  }

  private static SignatureCheck check(JWK key, JWSAlgorithm algorithm) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> nimbus(new RSASSAVerifier(rsa.toRSAPublicKey()), algorithm);
      case ECKey ec -> nimbus(new ECDSAVerifier(ec.toECPublicKey()), algorithm);
      case OctetKeyPair pair -> Ed25519Check.of(pair.getDecodedX());
      default -> throw new JOSEException("not a key that verifies");
    };
  }

  /** The header is ours, not the token's: the token has no say in how it is verified. */
  private static SignatureCheck nimbus(JWSVerifier verifier, JWSAlgorithm algorithm) {
    JWSHeader header = new JWSHeader.Builder(algorithm).build();
    return (signingInput, signature) -> {
      try {
        return verifier.verify(header, signingInput, new Base64URL(signature));
      } catch (JOSEException | RuntimeException malformed) {
        return false;
      }
    };
  }
}
