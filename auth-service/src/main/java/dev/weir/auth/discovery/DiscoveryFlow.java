package dev.weir.auth.discovery;

import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.key.KeyPace;
import dev.weir.auth.key.Keys;
import dev.weir.auth.token.DpopProof;
import dev.weir.auth.token.Issuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The public keys, the RFC 8414 metadata that says where they are, and the OpenAPI document. */
public final class DiscoveryFlow {
  private static final CacheControl MAX_AGE =
      CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

  private final Keys keys;
  private final CacheControl keySetAge;
  private final byte[] metadata;
  private final byte[] openApi;

  public DiscoveryFlow(Keys keys, KeyPace pace, Issuer issuer) {
    this.keys = keys;
    this.keySetAge = CacheControl.maxAge(pace.maxAge()).cachePublic();
    this.metadata = metadata(issuer);
    this.openApi = openApi();
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.JWKS, HttpMethod.GET, "/.well-known/jwks.json", this::jwks),
        new Endpoint(
            Operation.METADATA,
            HttpMethod.GET,
            "/.well-known/oauth-authorization-server",
            _ ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .cacheControl(MAX_AGE)
                    .bodyValue(metadata)),
        new Endpoint(
            Operation.OPENAPI,
            HttpMethod.GET,
            "/openapi.json",
            _ ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .cacheControl(MAX_AGE)
                    .bodyValue(openApi)));
  }

  private Mono<ServerResponse> jwks(ServerRequest request) {
    var ring = keys.ring();
    var etag = ring.jwksEtag();
    if (request.headers().asHttpHeaders().getIfNoneMatch().contains(etag)) {
      return ServerResponse.status(HttpStatus.NOT_MODIFIED)
          .eTag(etag)
          .cacheControl(keySetAge)
          .build();
    }
    return ServerResponse.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .eTag(etag)
        .cacheControl(keySetAge)
        .bodyValue(ring.jwks());
  }

  private static byte[] openApi() {
    try (var stream = DiscoveryFlow.class.getResourceAsStream("openapi.json")) {
      return Objects.requireNonNull(stream, "openapi.json").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] metadata(Issuer issuer) {
    var body = new LinkedHashMap<String, Object>();
    body.put("issuer", issuer.url());
    body.put("jwks_uri", issuer.url() + "/.well-known/jwks.json");
    body.put("response_types_supported", List.of());
    body.put("grant_types_supported", List.of());
    body.put("token_endpoint_auth_methods_supported", List.of("none"));
    for (var endpoint : List.of("introspection", "revocation")) {
      var path = endpoint.equals("revocation") ? "/oauth2/revoke" : "/oauth2/introspect";
      body.put(endpoint + "_endpoint", issuer.url() + path);
      body.put(endpoint + "_endpoint_auth_methods_supported", List.of("private_key_jwt"));
      body.put(endpoint + "_endpoint_auth_signing_alg_values_supported", DpopProof.ALGORITHMS);
    }
    body.put("dpop_signing_alg_values_supported", DpopProof.ALGORITHMS);
    return Json.STRICT.writeValueAsBytes(body);
  }
}
