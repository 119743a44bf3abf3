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
import dev.weir.auth.exchange.Json;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The services that may ask about tokens, each with the public keys that it signs its assertions
 * with (RFC 7523): no secret of theirs is kept here.
 */
public final class Clients {
  private static final int MOST_CLIENTS = 100;
  private static final int MOST_KEYS = 10;
  private static final int MIN_RSA_BITS = 2048;

  private final Map<String, Client> clients;

  private Clients(Map<String, Client> clients) {
    this.clients = Map.copyOf(clients);
  }

  public static Clients none() {
    return new Clients(Map.of());
  }

  /**
   * Reads {@code {"NAME": {"keys": [JWK...], "may": ["introspect", "revoke"]}, ...}}; says by
   * IllegalArgumentException what is wrong.
   */
  public static Clients parse(String json) {
    var clients = new HashMap<String, Client>();
    try {
      var tree = Json.STRICT.readTree(json);
      for (var name : tree.propertyNames()) {
        var client = tree.path(name);
        clients.put(name, new Client(keys(name, client.path("keys")), rights(name, client)));
      }
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException("it is not one JSON object", malformed);
    }
    if (clients.isEmpty() || clients.size() > MOST_CLIENTS) {
      throw new IllegalArgumentException("it names none, or more than " + MOST_CLIENTS);
    }
    return new Clients(clients);
  }

  private static Map<String, JWK> keys(String client, JsonNode list) {
    var keys = new HashMap<String, JWK>();
    for (var entry : list) {
      try {
        var key = JWK.parse(entry.toString());
        if (key.getKeyID() == null || key.isPrivate() || algorithms(key).isEmpty()) {
          throw new IllegalArgumentException(
              client
                  + " has a key that is private, has no kid, or is neither P-256 nor RSA of 2048");
        }
        keys.put(key.getKeyID(), key);
      } catch (ParseException malformed) {
        throw new IllegalArgumentException(client + " has a key that is none", malformed);
      }
    }
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(client + " has no key, or more than " + MOST_KEYS);
    }
    return Map.copyOf(keys);
  }

  /** Without a word on it a service may look: to end what it was sent is more than a look. */
  private static Set<ClientRight> rights(String client, JsonNode said) {
    if (!said.has("may")) {
      return Set.of(ClientRight.INTROSPECT);
    }
    var rights = EnumSet.noneOf(ClientRight.class);
    for (var word : said.path("may")) {
      rights.add(
          ClientRight.of(word.asString(""))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          client + " may something other than introspect or revoke")));
    }
    if (rights.isEmpty()) {
      throw new IllegalArgumentException(client + " may nothing");
    }
    return Set.copyOf(rights);
  }

  private static List<String> algorithms(JWK key) {
    return switch (key) {
      case ECKey ec when ec.getCurve().equals(Curve.P_256) -> List.of("ES256");
      case RSAKey rsa when rsa.size() >= MIN_RSA_BITS -> List.of("RS256", "PS256");
      default -> List.of();
    };
  }

  boolean may(String client, ClientRight right) {
    var known = clients.get(client);
    return known != null && known.rights().contains(right);
  }

  /** Returns the claims of an assertion that one of the client's own keys has signed. */
  Optional<JsonNode> verify(String client, String assertion) {
    var parts = assertion.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    return AccessTokenReader.json(parts[0])
        .filter(header -> isSigned(keysOf(client), header, parts))
        .flatMap(_ -> AccessTokenReader.json(parts[1]));
  }

  private Map<String, JWK> keysOf(String client) {
    var known = clients.get(client);
    return known == null ? Map.of() : known.keys();
  }

  private static boolean isSigned(Map<String, JWK> keys, JsonNode header, String[] parts) {
    var key = keys.get(header.path("kid").asString(""));
    var algorithm = header.path("alg").asString("");
    if (key == null
        || !algorithms(key).contains(algorithm)
        || header.has("crit")
        || AccessTokenReader.decode(parts[2]).isEmpty()) {
      return false;
    }
    try {
      JWSVerifier verifier =
          key instanceof ECKey ec
              ? new ECDSAVerifier(ec.toECPublicKey())
              : new RSASSAVerifier(key.toRSAKey().toRSAPublicKey());
      return verifier.verify(
          new JWSHeader(JWSAlgorithm.parse(algorithm)),
          (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
          new Base64URL(parts[2]));
    } catch (JOSEException e) {
      return false;
    }
  }

  private record Client(Map<String, JWK> keys, Set<ClientRight> rights) {}
}
