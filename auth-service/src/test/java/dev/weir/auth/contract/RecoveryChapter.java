package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.Map;

/** The journey of a forgotten password. */
record RecoveryChapter(TestSystem system, EndpointTable table) {
  private static final String FORGOT = "/password/forgot";
  private static final String RESET = "/password/reset";
  private static final String GOOD = "nine green birds flew up";

  void run() {
    forgets();
    resets();
  }

  private void forgets() {
    var rows = table.of("POST " + FORGOT);
    var person = Person.registered(system.client());
    var known = rows.grants("an account's address", 202, forgot(person));
    var unknown = rows.grants("nobody's address", 202, forgot(Person.stranger(system.client())));
    assertThat(unknown.response().body()).isEqualTo(known.response().body());
    rows.refuses(
        "no address", 400, "validation", person.client().post(FORGOT, Map.of("email", "x")));
    var elsewhere = person.client().with("Origin", "https://evil.example");
    rows.refuses(
        "another site's page",
        403,
        "csrf",
        elsewhere.post(FORGOT, Map.of("email", person.email())));
  }

  private void resets() {
    var rows = table.of("POST " + RESET);
    var person = Person.registered(system.client());
    var before = person.login();
    forgot(person);
    var code = system.smtp().code(person.email(), "Reset your password");
    rows.refuses(
        "a password that is easy to guess",
        422,
        "weak-password",
        reset(person, code, "aaaaaaaaaaaaaaaa"));
    rows.refuses("no such code", 400, "reset-invalid", reset(person, "x", GOOD));
    rows.grants("the mailed code and a new password", 204, reset(person, code, GOOD));
    rows.refuses(
        "a code for the second time", 400, "reset-invalid", reset(person, code, GOOD + "!"));
    assertThat(person.refresh(before.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(person.withPassword(GOOD).login().status()).isEqualTo(200);
    system.smtp().awaitMail(person.email(), "Your password was reset");
    late(rows);
  }

  private void late(EndpointTable rows) {
    var person = Person.registered(system.client());
    forgot(person);
    var code = system.smtp().code(person.email(), "Reset your password");
    system.clock().advance(Duration.ofMinutes(16));
    rows.refuses("a code of 16 minutes ago", 400, "reset-invalid", reset(person, code, GOOD));
  }

  private static dev.weir.auth.testing.AuthClient.Answer forgot(Person person) {
    return person.client().post(FORGOT, Map.of("email", person.email()));
  }

  private static dev.weir.auth.testing.AuthClient.Answer reset(
      Person person, String code, String password) {
    return person.client().post(RESET, Map.of("code", code, "password", password));
  }
}
