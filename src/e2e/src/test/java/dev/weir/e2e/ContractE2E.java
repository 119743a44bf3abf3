package dev.weir.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway and the auth service share without sharing code: keys, claims, and headers for
 * upstreams.
 */
@ExtendWith(WithWeir.class)
class ContractE2E {
  private final WeirSystem system;
  private final Edge edge;

  ContractE2E(WeirSystem system) {
    this.system = system;
    this.edge = new Edge(system);
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void publishesItsPublicKeysAndNothingOfThePrivateOnes() {
    var keys = edge.get("/.well-known/jwks.json");
    assertThat(keys.statusCode()).isEqualTo(200);
    assertThat(keys.headers().firstValue("Cache-Control").orElse("")).contains("max-age=300");
    assertThat(Edge.json(keys).get("keys")).isNotEmpty();
    for (var key : Edge.json(keys).get("keys")) {
      assertThat(key.get("kty").asString()).isEqualTo("RSA");
      assertThat(key.propertyNames()).contains("kid", "n", "e").doesNotContain("d", "p", "q");
    }
  }

  @Test
  void mintsTokensWithTheClaimsThatTheGatewayReads() {
    var parts = Person.registered(edge).token(edge).split("\\.", -1);
    var header = decoded(parts[0]);
    assertThat(header.get("typ").asString()).isEqualTo("at+jwt");
    assertThat(header.get("alg").asString()).isEqualTo("RS256");
    var claims = decoded(parts[1]);
    assertThat(claims.get("iss").asString())
        .isEqualTo("https://localhost:" + system.port("WEIR_EDGE_PORT") + "/auth");
    assertThat(claims.get("aud").asString()).isEqualTo("weir-api");
    assertThat(UUID.fromString(claims.get("sub").asString())).isNotNull();
    assertThat(UUID.fromString(claims.get("sid").asString())).isNotNull();
    assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(300);
    assertThat(claims.get("ue").isIntegralNumber()).isTrue();
    assertThat(claims.get("scope").asString().split(" ", -1))
        .contains("orders:read", "orders:write");
    assertThat(claims.get("roles").get(0).asString()).isEqualTo("customer");
  }

  @Test
  void tellsUpstreamsWhoAsksAndLetsNobodyElseSaySo() {
    var response =
        edge.send(
            edge.request("/public/echo")
                .header("X-Weir-Subject", "mallory")
                .header("X-Forwarded-For", "10.0.0.1")
                .header("X-Request-Id", "chosen-by-the-client"));
    assertThat(response.statusCode()).isEqualTo(200);
    var headers = Edge.json(response).get("headers");
    assertThat(headers.has("x-weir-subject")).isFalse();
    assertThat(headers.get("x-forwarded-for").asString()).isEqualTo("127.0.0.1");
    assertThat(headers.get("x-forwarded-proto").asString()).isEqualTo("https");
    assertThat(headers.get("x-request-id").asString()).isNotEqualTo("chosen-by-the-client");
    assertThat(headers.has("traceparent")).isTrue();
  }

  @Test
  void runsStockFiltersWhereARouteNamesThem() {
    var response = edge.get("/public/hello");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("X-Hello")).contains("weir");
    assertThat(response.body()).contains("hello");
  }

  private static JsonNode decoded(String part) {
    return Edge.json(new String(Base64.getUrlDecoder().decode(part), UTF_8));
  }
}
