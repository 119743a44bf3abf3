package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.ProofKey;
import dev.weir.auth.testing.TestSystem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/** What services of the house ask about tokens. */
record ClientChapter(TestSystem system, EndpointTable table) {
  private static final String INTROSPECT = "/oauth2/introspect";
  private static final String REVOKE = "/oauth2/revoke";
  private static final String ISSUER = "https://localhost:8443/auth";

  void run() {
    introspects();
    knowsItsClients();
    revokes();
  }

  private String claims(String... edits) {
    return claims(Duration.ofMinutes(1), edits);
  }

  private String claims(Duration life, String... edits) {
    long now = system.clock().instant().getEpochSecond();
    var json =
        "{\"iss\":\"orders\",\"sub\":\"orders\",\"aud\":\"%s\",\"jti\":\"%s\",\"iat\":%d,\"exp\":%d}"
            .formatted(ISSUER, UUID.randomUUID(), now, now + life.toSeconds());
    for (int i = 0; i < edits.length; i += 2) {
      assertThat(json).contains(edits[i]);
      json = json.replace(edits[i], edits[i + 1]);
    }
    return json;
  }

  private String assertion(String... edits) {
    return signed(system.service(), claims(edits));
  }

  private static String signed(ProofKey key, String claims) {
    return key.sign("{\"alg\":\"ES256\",\"kid\":\"orders-1\"}", claims);
  }

  private Answer ask(String path, String assertion, String token) {
    var form =
        "token=%s&client_assertion_type=%s&client_assertion=%s"
            .formatted(
                encoded(token),
                encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                encoded(assertion));
    return system.client().post(path, "application/x-www-form-urlencoded", form);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void introspects() {
    var rows = table.of("POST " + INTROSPECT);
    var person = Person.registered(system.client());
    var login = person.login();
    var token = login.text("access_token");
    var told = rows.grants("a living access token", 200, ask(INTROSPECT, assertion(), token));
    assertThat(told.json().path("active").asBoolean()).isTrue();
    assertThat(told.text("sid")).isEqualTo(login.text("session_id"));
    assertThat(told.text("iss")).isEqualTo(ISSUER);
    assertThat(told.json().path("exp").asLong() - told.json().path("iat").asLong()).isEqualTo(300);
    var refresh = login.text("refresh_token");
    isInactive("a living refresh token, which is no access token", refresh);
    assertThat(person.refresh(refresh).status()).isEqualTo(200);
    isInactive("a refresh token that was replaced", refresh);
    isInactive("no token of ours", "x");
    assertThat(person.client().bearer(token).post("/logout").status()).isEqualTo(204);
    isInactive("a token of an ended session", token);
  }

  private void isInactive(String when, String token) {
    var told =
        table.of("POST " + INTROSPECT).grants(when, 200, ask(INTROSPECT, assertion(), token));
    assertThat(told.response().body()).isEqualTo("{\"active\":false}");
  }

  private void knowsItsClients() {
    var rows = table.of("POST " + INTROSPECT);
    rows.refuses(
        "JSON",
        415,
        "unsupported-media-type",
        system.client().post(INTROSPECT, "application/json", "{}"));
    var form = "application/x-www-form-urlencoded";
    rows.refuses(
        "a name twice",
        400,
        "validation",
        system.client().post(INTROSPECT, form, "token=a&token=b"));
    rows.refuses(
        "no assertion", 401, "invalid-client", system.client().post(INTROSPECT, form, "token=a"));
    refuses("another key's assertion", signed(ProofKey.make(system.clock()), claims()));
    refuses("an unknown service", assertion("\"orders\"", "\"others\""));
    refuses("an assertion for somebody else", assertion(ISSUER, "https://other.example"));
    refuses("one of another issuer", assertion("\"iss\":\"orders\"", "\"iss\":\"others\""));
    refuses("one without a name", assertion("\"jti\"", "\"jti2\""));
    var late = assertion();
    var used = assertion();
    assertThat(ask(INTROSPECT, used, "x").status()).isEqualTo(200);
    refuses("one that was used", used);
    system.clock().advance(Duration.ofSeconds(61));
    refuses("one that is over", late);
    refuses("one for an hour", signed(system.service(), claims(Duration.ofHours(1))));
  }

  private void refuses(String when, String assertion) {
    var refused =
        table
            .of("POST " + INTROSPECT)
            .refuses(when, 401, "invalid-client", ask(INTROSPECT, assertion, "x"));
    assertThat(refused.text("error")).isEqualTo("invalid_client");
  }

  private void revokes() {
    var rows = table.of("POST " + REVOKE);
    var person = Person.registered(system.client());
    var login = person.login();
    rows.grants("a refresh token", 200, ask(REVOKE, assertion(), login.text("refresh_token")));
    assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(person.client().bearer(login.text("access_token")).get("/users/me").code())
        .isEqualTo("token-invalid");
    var other = person.login();
    var looker = assertion("\"orders\"", "\"looker\"");
    rows.refuses(
        "a service that may introspect alone",
        400,
        "unauthorized-client",
        ask(REVOKE, looker, other.text("access_token")));
    var looked = ask(INTROSPECT, assertion("\"orders\"", "\"looker\""), other.text("access_token"));
    assertThat(looked.json().path("active").asBoolean()).as("not ended, and seen").isTrue();
    rows.grants("an access token", 200, ask(REVOKE, assertion(), other.text("access_token")));
    assertThat(person.refresh(other.text("refresh_token")).code()).isEqualTo("session-expired");
    rows.grants("no token of ours", 200, ask(REVOKE, assertion(), "x"));
    rows.refuses("no such service", 401, "invalid-client", ask(REVOKE, "x", "x"));
  }
}
