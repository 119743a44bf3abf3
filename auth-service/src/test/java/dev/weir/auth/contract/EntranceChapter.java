package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.Map;

/** Registration, verification and login. */
record EntranceChapter(TestSystem system, EndpointTable table) {
  void run() {
    registers();
    registersInSecret();
    verifies();
    verifiesAgain();
    logsIn();
    discovers();
  }

  private void registers() {
    var rows = table.of("POST /register");
    var person = Person.stranger(system.client());
    var keyed = person.client().with("Idempotency-Key", "\"row-" + person.email() + "\"");
    var mine = new Person(keyed, person.email(), person.password());
    rows.grants("a new address, told openly", 201, mine.register());
    var again = rows.grants("the same call with the same Idempotency-Key", 201, mine.register());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    rows.refuses(
        "another body with that key",
        422,
        "idempotency-mismatch",
        mine.withPassword("another fine password").register());
    rows.refuses(
        "a key without quotes",
        400,
        "idempotency-key-invalid",
        new Person(
                person.client().with("Idempotency-Key", "bare"), person.email(), person.password())
            .register());
    rows.refuses("a taken address, told openly", 409, "email-taken", person.register());
    rows.refuses(
        "fields that are missing, wrong or unknown",
        400,
        "validation",
        person.client().post("/register", Map.of("email", "x", "more", 1)));
    rows.refuses(
        "a password that is easy to guess",
        422,
        "weak-password",
        Person.stranger(system.client()).withPassword("passwordpassword").register());
    malformed(person);
  }

  private void malformed(Person person) {
    var rows = table.of("POST /register");
    rows.refuses(
        "no JSON object",
        400,
        "malformed-body",
        person.client().post("/register", "application/json", "[]"));
    rows.refuses(
        "another media type",
        415,
        "unsupported-media-type",
        person.client().post("/register", "text/plain", "{}"));
    rows.refuses(
        "more than 16 kB",
        413,
        "body-too-large",
        person.client().post("/register", "application/json", "x".repeat(17_000)));
    rows.refuses("another method", 405, "method-not-allowed", person.client().delete("/register"));
  }

  private void registersInSecret() {
    var rows = table.of("POST /register");
    var person = Person.stranger(system.concealing());
    var fresh = rows.grants("a new address, concealed", 202, person.register());
    var taken = rows.grants("a taken address, concealed", 202, person.register());
    assertThat(taken.response().body()).isEqualTo(fresh.response().body());
  }

  private void verifies() {
    var rows = table.of("POST /register/verify");
    var person = Person.stranger(system.concealing());
    person.register();
    var code = system.smtp().code(person.email(), "Confirm your address");
    var wrong = Map.of("code", code, "password", "somebody else's guess");
    var right = Map.of("code", code, "password", person.password());
    var path = "/register/verify";
    rows.refuses(
        "another password", 400, "verification-invalid", person.client().post(path, wrong));
    rows.grants("mailed code and chosen password", 204, person.client().post(path, right));
    rows.refuses(
        "a code for the second time",
        400,
        "verification-invalid",
        person.client().post(path, right));
    rows.refuses("no code", 400, "validation", person.client().post(path, Map.of()));
  }

  private void verifiesAgain() {
    var rows = table.of("POST /users/me/verification");
    var person = Person.registered(system.client());
    rows.grants(
        "another code for an unproven address",
        202,
        person.loggedIn().post("/users/me/verification"));
    var code = system.smtp().code(person.email(), "Confirm your address");
    var claim = Map.of("code", code, "password", person.password());
    assertThat(person.client().post("/register/verify", claim).status()).isEqualTo(204);
    var me = person.loggedIn();
    assertThat(me.get("/users/me").json().path("email_verified").asBoolean()).isTrue();
    rows.grants("an address that is proven", 202, me.post("/users/me/verification"));
    rows.refuses("no token", 401, "token-missing", person.client().post("/users/me/verification"));
  }

  private void logsIn() {
    var rows = table.of("POST /login");
    var person = Person.registered(system.client());
    rows.grants("address and password of a browser", 200, person.loginInBrowser());
    rows.grants("address and password of a program", 200, person.login());
    var wrong = person.login("not this one at all");
    rows.refuses("another password", 401, "invalid-credentials", wrong);
    var nobody = Person.stranger(system.client()).login();
    rows.refuses("nobody's address", 401, "invalid-credentials", nobody);
    assertThat(nobody.text("detail")).isEqualTo(wrong.text("detail"));
    rows.refuses(
        "a client that is neither", 400, "validation", person.client().post("/login", other()));
    var elsewhere = person.client().with("Origin", "https://evil.example");
    rows.refuses(
        "another site's page",
        403,
        "csrf",
        new Person(elsewhere, person.email(), person.password()).loginInBrowser());
    var guessed = Person.registered(system.client());
    for (int i = 0; i < 10; i++) {
      guessed.login("guess number " + i);
    }
    rows.refuses("the eleventh in 15 minutes", 429, "throttled", guessed.login());
  }

  private static Map<String, String> other() {
    return Map.of("email", "a@example.org", "password", "x", "client", "toaster");
  }

  private void discovers() {
    var client = system.client();
    var keys = "/.well-known/jwks.json";
    var seen = table.of("GET " + keys).grants("anyone", 200, client.get(keys));
    table.grants(
        "the key set is known", 304, client.with("If-None-Match", seen.header("ETag")).get(keys));
    var metadata = "/.well-known/oauth-authorization-server";
    table.of("GET " + metadata).grants("anyone", 200, client.get(metadata));
  }
}
