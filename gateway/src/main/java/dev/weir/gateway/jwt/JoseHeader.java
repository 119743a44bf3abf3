package dev.weir.gateway.jwt;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token's header: it picks one of our keys, and may ask for nothing else.
 *
 * <p>Every parameter that brings a key, points at one or changes how the token is read is refused,
 * {@code crit} among them, as no extension is understood here (RFC 7515 §4.1.11, RFC 8725 §3.10).
 */
record JoseHeader(String algorithm, String keyId) {
  private static final int KEY_ID_BOUND = 128;
  private static final List<String> FORBIDDEN =
      List.of("crit", "b64", "jwk", "jku", "x5u", "x5c", "zip", "enc", "epk", "p2c", "p2s", "cty");
  private static final String MEDIA = "application/";

  /**
   * Reads.
   *
   * @param types the accepted {@code typ}, without {@code application/}
   */
  static Read<JoseHeader> of(byte[] json, Set<String> algorithms, Set<String> types) {
    ObjectNode header = StrictJson.object(json).orElse(null);
    if (header == null) {
      return Read.bad(TokenFault.JSON);
    }
    for (String name : FORBIDDEN) {
      if (header.has(name)) {
        return Read.bad(TokenFault.FORBIDDEN_PARAMETER);
      }
    }
    String algorithm = string(header, "alg");
    if (!algorithms.contains(algorithm)) {
      return Read.bad(TokenFault.ALGORITHM);
    }
    if (!isAmong(types, header)) {
      return Read.bad(TokenFault.TYPE);
    }
    String keyId = string(header, "kid");
    return StrictJson.isVisibleAscii(keyId, KEY_ID_BOUND)
        ? Read.good(new JoseHeader(algorithm, keyId))
        : Read.bad(TokenFault.KEY_ID);
  }

  /** Media types compare without case (RFC 9068 §4, RFC 2045 §5.1). */
  private static boolean isAmong(Set<String> types, ObjectNode header) {
    if (!header.has("typ")) {
      return types.contains("");
    }
    String type = string(header, "typ").toLowerCase(Locale.ROOT);
    return !type.isEmpty()
        && types.contains(type.startsWith(MEDIA) ? type.substring(MEDIA.length()) : type);
  }

  private static String string(ObjectNode header, String name) {
    JsonNode value = header.get(name);
    return value != null && value.isString() ? value.stringValue() : "";
  }
}
