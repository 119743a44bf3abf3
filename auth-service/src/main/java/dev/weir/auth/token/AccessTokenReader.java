package dev.weir.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.key.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Verifies access tokens of our own make, and knows no other kind: a header of exactly three
 * members, one algorithm, a key from our ring, then the signature, then the claims. Whatever a
 * header could ask for beyond that (a key of its own, a place to fetch one, compression, critical
 * extensions) is refused by not being on the list.
 */
public final class AccessTokenReader {
  private static final int MAX_CHARS = 8 * 1024;
  private static final Set<String> HEADER_MEMBERS = Set.of("alg", "typ", "kid");
  private static final Pattern KID = Pattern.compile("[a-z0-9]{1,64}");

  private final Keys keys;
  private final AccessClaims claims;

  public AccessTokenReader(Keys keys, Issuer issuer, InstantSource clock) {
    this.keys = keys;
    this.claims = new AccessClaims(issuer, clock);
  }

  /** Returns the token's claims, or nothing: a caller learns no reason, and an attacker no step. */
  public Optional<AccessToken> read(String token) {
    return signed(token).flatMap(claims::read);
  }

  /** Returns all claims of a token that {@link #read} would take. */
  public Optional<JsonNode> verified(String token) {
    return signed(token).filter(all -> claims.read(all).isPresent());
  }

  private Optional<JsonNode> signed(String token) {
    if (token.length() > MAX_CHARS) {
      return Optional.empty();
    }
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    return json(parts[0])
        .flatMap(this::key)
        .filter(key -> isSigned(key, parts))
        .flatMap(_ -> json(parts[1]));
  }

  private Optional<RSAPublicKey> key(JsonNode header) {
    boolean ours =
        HEADER_MEMBERS.containsAll(header.propertyNames())
            && "RS256".equals(text(header, "alg"))
            && "at+jwt".equals(text(header, "typ"))
            && KID.matcher(text(header, "kid")).matches();
    return ours ? keys.ring().verificationKey(text(header, "kid")) : Optional.empty();
  }

  private static boolean isSigned(RSAPublicKey key, String[] parts) {
    try {
      return decode(parts[2]).isPresent()
          && new RSASSAVerifier(key)
              .verify(
                  new JWSHeader(JWSAlgorithm.RS256),
                  (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                  new Base64URL(parts[2]));
    } catch (JOSEException e) {
      return false;
    }
  }

  static Optional<JsonNode> json(String part) {
    return decode(part).flatMap(AccessTokenReader::parse);
  }

  private static Optional<JsonNode> parse(byte[] bytes) {
    try {
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(Json.STRICT.readTree(text)).filter(JsonNode::isObject);
    } catch (CharacterCodingException | JacksonException e) {
      return Optional.empty();
    }
  }

  /** Decodes base64url in its one canonical form: no padding, no stray bits, no other alphabet. */
  static Optional<byte[]> decode(String part) {
    try {
      var bytes = Base64.getUrlDecoder().decode(part);
      return Optional.of(bytes)
          .filter(b -> Base64.getUrlEncoder().withoutPadding().encodeToString(b).equals(part));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode node, String name) {
    var member = node.path(name);
    return member.isString() ? member.stringValue() : "";
  }
}
