package dev.weir.gateway.jwt;

import dev.weir.gateway.jwt.JwksClient.Document;
import dev.weir.gateway.jwt.JwksClient.FetchFailed;
import dev.weir.gateway.route.KeyPlace;
import java.net.URI;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds an issuer's key set document. Metadata is asked anew at each fetch, as an issuer may move
 * its keys; it must be the issuer's own (RFC 8414 §3.3), and may not lead from https to http.
 */
final class KeyDocuments {
  private final JwksClient client = new JwksClient();

  Mono<Document> fetch(KeyPlace place) {
    return switch (place) {
      case KeyPlace.Jwks(URI uri) -> client.fetch(uri);
      case KeyPlace.Metadata metadata ->
          client
              .fetch(metadata.uri())
              .map(document -> keySet(document.json(), metadata))
              .flatMap(client::fetch);
    };
  }

  /** Returns where the key set is; throws where the metadata does not say so soundly. */
  static URI keySet(byte[] json, KeyPlace.Metadata place) {
    ObjectNode metadata =
        StrictJson.object(json)
            .orElseThrow(() -> new FetchFailed("the metadata is not a JSON object"));
    if (!place.issuer().equals(text(metadata, "issuer"))) {
      throw new FetchFailed("the metadata is of another issuer");
    }
    URI uri = uri(text(metadata, "jwks_uri"));
    String scheme = String.valueOf(uri.getScheme());
    boolean encrypted = scheme.equals("https");
    boolean downgraded = !encrypted && "https".equals(place.uri().getScheme());
    if (uri.getHost() == null || downgraded || !(encrypted || scheme.equals("http"))) {
      throw new FetchFailed("the metadata names no usable jwks_uri");
    }
    return uri;
  }

  private static URI uri(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException malformed) {
      throw new FetchFailed("the metadata names no usable jwks_uri");
    }
  }

  private static String text(ObjectNode object, String name) {
    JsonNode value = object.get(name);
    return value != null && value.isString() ? value.stringValue() : "";
  }
}
