package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.ProofKey;
import dev.weir.auth.testing.TestSystem;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Walks a person through the service, from the first request to the last. */
class JourneyIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void registersLogsInRefreshesLooksAndLogsOut() {
    var person = Person.stranger(system.client());

    var registered = person.register();
    assertThat(registered.status()).isEqualTo(201);
    assertThat(registered.header("Location")).isEqualTo("/auth/users/me");
    assertThat(registered.header("ETag")).isEqualTo("\"v1\"");
    assertThat(registered.header("Cache-Control")).isEqualTo("no-store");

    var login = person.login();
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.text("token_type")).isEqualTo("Bearer");
    assertThat(login.json().path("expires_in").asInt()).isEqualTo(300);
    var caller = person.client().bearer(login.text("access_token"));
    var session = "/session/" + login.text("session_id");

    var seen = caller.get(session);
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.json().path("current").asBoolean()).isTrue();
    assertThat(caller.with("If-None-Match", seen.header("ETag")).get(session).status())
        .isEqualTo(304);
    assertThat(caller.get("/sessions").json().path("sessions").size()).isEqualTo(1);
    assertThat(caller.get("/users/me").text("email")).isEqualTo(person.email());

    var refreshed = person.refresh(login.text("refresh_token"));
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.text("refresh_token")).isNotEqualTo(login.text("refresh_token"));

    assertThat(caller.post("/logout").status()).isEqualTo(204);
    assertThat(caller.post("/logout").status()).isEqualTo(204);
    assertThat(caller.get(session).code()).isEqualTo("token-invalid");
    var late = person.refresh(refreshed.text("refresh_token"));
    assertThat(late.status()).isEqualTo(401);
    assertThat(late.code()).isEqualTo("session-expired");
  }

  /** What a table of its own would tell: docs/adr/0023-session-history.md. */
  @Test
  void tellsAPersonWhatBecameOfEachOfTheirSessions() {
    var person = Person.registered(system.client());
    var left = person.login();
    var forgotten = person.login();
    person.client().bearer(left.text("access_token")).post("/logout");
    person.client().bearer(person.login().text("access_token")).post("/logout/all");
    var here = person.login();

    var export = person.client().bearer(here.text("access_token")).get("/users/me/export").json();

    var sessions = export.path("sessions");
    assertThat(sessions.findValuesAsString("state"))
        .containsExactly("active", "logout_all", "logout_all", "logout");
    assertThat(sessions.findValuesAsString("id"))
        .startsWith(here.text("session_id"))
        .endsWith(forgotten.text("session_id"), left.text("session_id"));
    for (var session : sessions) {
      assertThat(session.has("ended_at"))
          .isEqualTo(!session.path("state").asString().equals("active"));
      assertThat(session.path("device").asString()).isNotBlank();
      assertThat(session.path("address").asString()).startsWith("10.");
    }
    var events =
        export
            .path("events")
            .valueStream()
            .filter(event -> event.path("session").asString("").equals(left.text("session_id")))
            .map(event -> event.path("action").asString())
            .toList();
    assertThat(events).containsExactly("session_revoked", "login_succeeded");
    assertThat(export.path("events").findValuesAsString("action")).contains("all_sessions_revoked");
  }

  @Test
  void takesANonceThatAnotherInstanceTold() {
    var person = Person.registered(system.client());
    var key = ProofKey.make(system.clock());
    var told = bound(person, key.proof("POST", "/login", ""));
    assertThat(told.code()).isEqualTo("dpop-nonce-required");
    var proof = key.proof("POST", "/login", told.header("DPoP-Nonce"));
    var elsewhere = new Person(system.concealing(), person.email(), person.password());
    var login = bound(elsewhere, proof);
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.text("token_type")).isEqualTo("DPoP");
  }

  private static Answer bound(Person person, String proof) {
    return new Person(person.client().with("DPoP", proof), person.email(), person.password())
        .login();
  }

  @Test
  void mintsTheClaimsOfTheContractAndNoPersonalData() {
    var person = Person.registered(system.client());
    var token = person.login().text("access_token");
    var claims =
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]),
            java.nio.charset.StandardCharsets.UTF_8);
    var json = JsonMapper.builder().build().readTree(claims);

    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "jti",
            "client_id",
            "sid",
            "ue",
            "scope",
            "roles",
            "acr",
            "amr",
            "auth_time");
    assertThat(json.path("aud").asString()).isEqualTo("weir-api");
    assertThat(json.path("scope").asString()).isEqualTo("orders:read orders:write");
    assertThat(json.path("roles").toString()).isEqualTo("[\"customer\"]");
    assertThat(json.path("ue").isIntegralNumber()).isTrue();
    assertThat(json.path("exp").asLong() - json.path("iat").asLong()).isEqualTo(300);
    assertThat(claims).doesNotContain("person");
  }

  @Test
  void servesProbesAndMetersOnTheManagementPortOnly() {
    assertThat(system.management().get("/livez").status()).isEqualTo(200);
    assertThat(system.management().get("/readyz").status()).isEqualTo(200);
    assertThat(system.management().get("/metrics").response().body())
        .contains("weir_auth_redis_up 1.0", "weir_auth_hash_queue", "weir_auth_db_pool_acquired");
    assertThat(system.client().get("/metrics").code()).isEqualTo("not-found");
    assertThat(system.client().get("/livez").code()).isEqualTo("not-found");
  }
}
