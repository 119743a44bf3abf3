package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The example of docs/identity.md, and what the kit promises beside it. */
class OrdersServiceTest {
  private static TestIssuer issuer;

  @BeforeAll
  static void start() {
    issuer = TestIssuer.start();
  }

  @AfterAll
  static void stop() {
    issuer.close();
  }

  private static JsonNode part(String token, int number) {
    byte[] bytes = Base64.getUrlDecoder().decode(token.split("\\.", -1)[number]);
    return JsonMapper.shared().readTree(bytes);
  }

  private static JsonNode get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofByteArray()).body());
    }
  }

  @Test
  void theExampleOfThePageRuns() {
    String nonce = "told by the gateway";
    try (TestIssuer other = TestIssuer.start()) {
      TestSession session = other.session("user-1").withRoles("customer").withScopes("orders:read");
      assertThat(session.fields()).hasSize(4);
      assertThat(session.token()).isNotEqualTo(session.expiredToken());
      assertThat(session.withSecondFactor().openedBefore(Duration.ofHours(2)).token()).isNotEmpty();

      BoundKey key = new BoundKey();
      String bound = session.boundTo(key).token();
      String proof = key.proof("GET", "https://localhost:8443/api/orders", bound, nonce);
      assertThat(part(bound, 1).path("cnf").path("jkt").asString()).isEqualTo(key.thumbprint());
      assertThat(part(proof, 1).path("nonce").asString()).isEqualTo(nonce);
    }
  }

  @Test
  void signsATokenOfTheShapeOfWeirs() {
    TestSession session = issuer.session("user-1").withRoles("customer").withScopes("orders:read");
    String token = session.token();

    assertThat(part(token, 0).path("typ").asString()).isEqualTo("at+jwt");
    JsonNode claims = part(token, 1);
    assertThat(claims.path("iss").asString()).isEqualTo(issuer.name());
    assertThat(claims.path("aud").asString()).isEqualTo("weir-api");
    assertThat(claims.path("sid").asString()).isEqualTo(session.id());
    assertThat(claims.path("roles").get(0).asString()).isEqualTo("customer");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(300);
    assertThat(part(session.token(), 1).path("jti")).isNotEqualTo(claims.path("jti"));
    assertThat(session.fields())
        .isEqualTo(
            Map.of(
                "X-Weir-Subject", "user-1",
                "X-Weir-Session", session.id(),
                "X-Weir-Roles", "customer",
                "X-Weir-Scopes", "orders:read"));
  }

  @Test
  void saysOnlyWhatThereIsToSay() {
    TestSession session = issuer.session("user-1");
    assertThat(session.fields()).containsOnlyKeys("X-Weir-Subject", "X-Weir-Session");
    assertThat(part(session.withSecondFactor().token(), 1).path("acr").asString())
        .isEqualTo("urn:x:aal2");
    assertThat(part(session.expiredToken(), 1).path("exp").asLong())
        .isLessThan(System.currentTimeMillis() / 1000);
    JsonNode old = part(session.openedBefore(Duration.ofHours(2)).token(), 1);
    assertThat(old.path("iat").asLong() - old.path("auth_time").asLong()).isGreaterThan(7100);
    String odd = "\"\\\n\u00e4";
    assertThat(part(session.with("note", odd).token(), 1).path("note").asString()).isEqualTo(odd);
  }

  @Test
  void publishesItsKeyAndItsMetadata() throws Exception {
    JsonNode keys = get(issuer.jwks()).path("keys");
    assertThat(keys.size()).isEqualTo(1);
    assertThat(keys.get(0).path("kid").asString())
        .isEqualTo(part(issuer.session("user-1").token(), 0).path("kid").asString());
    JsonNode metadata = get(URI.create(issuer.name() + "/.well-known/openid-configuration"));
    assertThat(metadata.path("issuer").asString()).isEqualTo(issuer.name());
    assertThat(metadata.path("jwks_uri").asString()).isEqualTo(issuer.jwks().toString());
  }
}
