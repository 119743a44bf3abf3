package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person meets at the edge, from registration to the end of the session. */
@ExtendWith(WithWeir.class)
class PersonJourneyE2E {
  private static final String ORDER = "{\"item\":\"a boat\",\"quantity\":1}";

  private final WeirSystem system;
  private final Edge edge;

  PersonJourneyE2E(WeirSystem system) {
    this.system = system;
    this.edge = new Edge(system);
  }

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void ordersWithAToken(HttpClient.Version version) {
    try (var client = new Edge(system, version)) {
      var token = Person.registered(client).token(client);
      var placed = client.post("/api/orders", ORDER, token);
      assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
      assertThat(placed.version()).isEqualTo(version);
      var location = placed.headers().firstValue("Location").orElseThrow();
      assertThat(client.get(location, token).body()).isEqualTo(placed.body());
    }
  }

  @Test
  void isRefusedWithoutAToken() {
    var refused = edge.get("/api/orders");
    assertProblem(refused, 401, "token-missing");
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
  }

  @Test
  void isRefusedWithATamperedToken() {
    var token = Person.registered(edge).token(edge);
    var parts = token.split("\\.", -1);
    var flipped = parts[1].charAt(20) == 'A' ? 'B' : 'A';
    var claims = parts[1].substring(0, 20) + flipped + parts[1].substring(21);
    var refused = edge.get("/api/orders", parts[0] + "." + claims + "." + parts[2]);
    assertProblem(refused, 401, "token-invalid");
    assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
        .contains("error=\"invalid_token\"");
  }

  @Test
  void isRefusedWithoutTheRole() {
    var token = Person.registered(edge).token(edge);
    assertProblem(edge.get("/api/orders/admin/all", token), 403, "insufficient-role");
  }

  @Test
  void losesTheTokenWithTheSession() {
    var token = Person.registered(edge).token(edge);
    assertThat(edge.get("/api/orders", token).statusCode()).isEqualTo(200);
    assertThat(edge.post("/auth/logout", "", token).statusCode()).isEqualTo(204);
    await()
        .atMost(Duration.ofSeconds(3))
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () -> assertThat(edge.get("/api/orders", token).statusCode()).isEqualTo(401));
  }

  @Test
  void isThrottledAtTheTwelfthLoginInARow() {
    var person = Person.registered(edge);
    for (int i = 1; i < 12; i++) {
      person.login(edge);
    }
    var throttled = person.login(edge);
    assertThat(throttled.statusCode()).as(throttled.body()).isEqualTo(429);
    assertThat(throttled.headers().firstValue("Retry-After").orElse("")).matches("[1-9]\\d*");
    assertThat(throttled.headers().firstValue("RateLimit")).isPresent();
    assertThat(throttled.headers().firstValue("RateLimit-Policy")).isPresent();
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(Edge.json(response).get("code").asString()).isEqualTo(code);
    assertThat(Edge.json(response).get("status").asInt()).isEqualTo(status);
  }
}
