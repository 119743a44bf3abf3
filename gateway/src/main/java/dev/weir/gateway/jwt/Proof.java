package dev.weir.gateway.jwt;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A DPoP proof (RFC 9449 §4.2). What it says is still to be compared with the request and the
 * token, and then its signature to be checked, under the key that it brings along.
 *
 * @param key the thumbprint of that key (RFC 7638)
 * @param tokenHash the {@code ath} claim; empty where there is none
 * @param nonce empty where there is none
 */
record Proof(
    String key,
    String id,
    String method,
    String uri,
    long issuedSeconds,
    String tokenHash,
    String nonce,
    VerificationKey signer,
    CompactToken signed) {
  private static final int TEXT_BOUND = 4096;
  private static final int ID_BOUND = 128;
  private static final String KEY_ID = "proof";
  private static final String TYPE = "dpop+jwt";

  /** As a token's, but for the key that a proof has to bring. */
  private static final List<String> FORBIDDEN =
      List.of("crit", "b64", "jku", "x5u", "x5c", "zip", "enc", "epk", "p2c", "p2s", "cty");

  /** What {@code algs} of a challenge names. */
  static final List<String> ALGORITHMS = List.of("ES256", "ES384", "EdDSA", "RS256", "PS256");

  // A reader for each algorithm, as an RSA key that names none would fit two.
  private static final Map<String, KeySetReader> READERS = readers();

  /** Returns the proof; empty where it is not sound in itself. */
  static Optional<Proof> read(String text) {
    if (text.length() > TEXT_BOUND
        || !(CompactToken.of(text) instanceof Read.Good<CompactToken>(CompactToken token))) {
      return Optional.empty();
    }
    return StrictJson.object(token.header())
        .flatMap(Proof::key)
        .flatMap(
            key -> StrictJson.object(token.payload()).flatMap(claims -> proof(key, token, claims)));
  }

  private static Optional<VerificationKey> key(ObjectNode header) {
    boolean sound = TYPE.equals(text(header, "typ")) && FORBIDDEN.stream().noneMatch(header::has);
    KeySetReader reader = READERS.get(text(header, "alg"));
    if (!sound || reader == null || !(header.get("jwk") instanceof ObjectNode jwk)) {
      return Optional.empty();
    }
    // Public, strong enough and meant for signatures, as an issuer's keys; and cheap to check with.
    jwk.put("kid", KEY_ID);
    byte[] set = ("{\"keys\":[" + jwk + "]}").getBytes(StandardCharsets.UTF_8);
    return reader.read(set).map(keys -> keys.keys().get(KEY_ID));
  }

  /**
   * Returns whether the signature holds. To be asked last: it costs up to milliseconds under a key
   * that whoever sends the proof has chosen.
   */
  boolean holds() {
    return signer.check().holds(signed.signingInput(), signed.signature());
  }

  private static Optional<Proof> proof(VerificationKey key, CompactToken token, ObjectNode object) {
    ClaimReader claims = new ClaimReader(object);
    Proof proof =
        new Proof(
            key.thumbprint(),
            claims.text("jti"),
            claims.text("htm"),
            claims.text("htu"),
            claims.date("iat"),
            claims.text("ath"),
            claims.text("nonce"),
            key,
            token);
    return StrictJson.isVisibleAscii(proof.id(), ID_BOUND) ? Optional.of(proof) : Optional.empty();
  }

  private static String text(ObjectNode header, String name) {
    JsonNode value = header.get(name);
    return value != null && value.isString() ? value.stringValue() : "";
  }

  private static Map<String, KeySetReader> readers() {
    Map<String, KeySetReader> readers = new HashMap<>();
    for (String algorithm : ALGORITHMS) {
      readers.put(algorithm, new KeySetReader(Set.of(algorithm), RsaBound.OF_PROOFS));
    }
    return Map.copyOf(readers);
  }
}
