package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.BoundKey;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session that is bound to a key, from its login to a route and back, over both protocols. */
@ExtendWith(WithWeir.class)
class BoundSessionE2E {
  private final WeirSystem system;
  private final BoundKey key = new BoundKey();

  BoundSessionE2E(WeirSystem system) {
    this.system = system;
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void isOfNoUseWithoutItsKey(HttpClient.Version version) {
    try (var edge = new Edge(system, version)) {
      var person = Person.registered(edge);
      var credentials = person.credentials().replace("}", ",\"client\":\"native\"}");
      var asked = post(edge, "/auth/login", credentials, "");
      assertThat(code(asked)).isEqualTo("dpop-nonce-required");
      var nonce = nonce(asked);
      var login = post(edge, "/auth/login", credentials, nonce);
      assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
      var token = Edge.json(login).get("access_token").asString();

      callsOnce(edge, token);

      var refresh =
          "{\"refresh_token\":\"%s\"}".formatted(Edge.json(login).get("refresh_token").asString());
      assertThat(edge.post("/auth/token/refresh", refresh).statusCode()).isEqualTo(400);
      var refreshed = post(edge, "/auth/token/refresh", refresh, nonce);
      assertThat(refreshed.statusCode()).as(refreshed.body()).isEqualTo(200);
      assertThat(Edge.json(refreshed).get("token_type").asString()).isEqualTo("DPoP");
    }
  }

  private void callsOnce(Edge edge, String token) {
    var path = "/api/orders";
    var asked = get(edge, path, "DPoP " + token, proof(path, token, ""));
    assertThat(code(asked)).isEqualTo("proof-nonce");
    var proof = proof(path, token, nonce(asked));
    assertThat(get(edge, path, "DPoP " + token, proof).statusCode()).isEqualTo(200);
    assertThat(code(get(edge, path, "DPoP " + token, proof))).isEqualTo("proof-invalid");
    var fresh = proof(path, token, nonce(asked));
    assertThat(code(get(edge, path, "Bearer " + token, fresh))).isEqualTo("proof-invalid");
    assertThat(get(edge, path + "?page=2", "DPoP " + token, fresh).statusCode())
        .as("the query is not part of it")
        .isEqualTo(200);
  }

  private HttpResponse<String> post(Edge edge, String path, String body, String nonce) {
    return edge.send(
        edge.request(path)
            .header("Content-Type", "application/json")
            .header("DPoP", key.proof("POST", uri(path), nonce))
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> get(
      Edge edge, String path, String authorization, String proof) {
    HttpRequest.Builder request = edge.request(path);
    return edge.send(request.header("Authorization", authorization).header("DPoP", proof));
  }

  private String proof(String path, String token, String nonce) {
    return key.proof("GET", uri(path), token, nonce);
  }

  private String uri(String path) {
    return "https://localhost:" + system.port("WEIR_EDGE_PORT") + path;
  }

  private static String code(HttpResponse<String> response) {
    return Edge.json(response).get("code").asString();
  }

  private static String nonce(HttpResponse<String> response) {
    return response.headers().firstValue("DPoP-Nonce").orElseThrow();
  }
}
