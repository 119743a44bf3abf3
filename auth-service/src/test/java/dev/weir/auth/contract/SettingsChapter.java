package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.Map;

/** What people change on their own accounts. */
record SettingsChapter(TestSystem system, EndpointTable table) {
  void run() {
    shows();
    changesTheProfile();
    changesThePassword();
    asksForAnotherAddress();
    confirmsAnotherAddress();
    exports();
    erases();
  }

  private void shows() {
    var rows = table.of("GET /users/me");
    var me = Person.registered(system.client()).loggedIn();
    var seen = rows.grants("one's own", 200, me.get("/users/me"));
    assertThat(seen.header("ETag")).isEqualTo("\"v1\"");
    rows.grants("it is known", 304, me.with("If-None-Match", "\"v1\"").get("/users/me"));
    rows.refuses("no token", 401, "token-missing", system.client().get("/users/me"));
  }

  private void changesTheProfile() {
    var rows = table.of("PATCH /users/me");
    var me = Person.registered(system.client()).loggedIn();
    var name = Map.of("display_name", "Ada");
    rows.refuses("no If-Match", 428, "version-missing", me.patch("/users/me", name));
    var atFirst = me.with("If-Match", "\"v1\"");
    var changed = rows.grants("the version that was read", 200, atFirst.patch("/users/me", name));
    assertThat(changed.header("ETag")).isEqualTo("\"v2\"");
    assertThat(changed.text("display_name")).isEqualTo("Ada");
    var late =
        rows.refuses(
            "an older version",
            412,
            "version-stale",
            atFirst.patch("/users/me", Map.of("locale", "en-GB")));
    assertThat(late.header("ETag")).isEqualTo("\"v2\"");
    assertThat(late.json().path("current").path("display_name").asString()).isEqualTo("Ada");
    rows.refuses(
        "fields that are wrong, unknown or not one's own",
        400,
        "validation",
        me.with("If-Match", "\"v2\"")
            .patch("/users/me", Map.of("time_zone", "Mars/Olympus", "roles", "admin")));
    assertThat(me.get("/users/me").header("ETag")).isEqualTo("\"v2\"");
  }

  private void changesThePassword() {
    var rows = table.of("POST /password/change");
    var person = Person.registered(system.client());
    var other = person.login();
    var me = person.loggedIn();
    var path = "/password/change";
    rows.refuses(
        "another old password", 401, "invalid-credentials", me.post(path, change("no, no", GOOD)));
    rows.refuses(
        "a new one that is easy to guess",
        422,
        "weak-password",
        me.post(path, change(person.password(), "1234567890123456")));
    rows.refuses(
        "a login of six minutes ago",
        401,
        "step-up-required",
        stale(person).post(path, change(person.password(), GOOD)));
    me = person.loggedIn();
    var changed =
        rows.grants(
            "the old password and a new one", 200, me.post(path, change(person.password(), GOOD)));
    rows.refuses("a token from before", 401, "token-invalid", me.post(path, change(GOOD, "x")));
    assertThat(person.refresh(other.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(person.withPassword(GOOD).login().status()).isEqualTo(200);
    var fresh = person.client().bearer(changed.text("access_token"));
    assertThat(fresh.get("/users/me").status()).isEqualTo(200);
    system.smtp().awaitMail(person.email(), "Your password was changed");
  }

  private static final String GOOD = "five lazy dogs sat down";

  private static Map<String, String> change(String old, String fresh) {
    return Map.of("current_password", old, "new_password", fresh);
  }

  private void asksForAnotherAddress() {
    var rows = table.of("POST /users/me/email");
    var person = Person.registered(system.client());
    var wish = Map.of("email", "new-" + person.email());
    rows.grants("an address", 202, person.loggedIn().post("/users/me/email", wish));
    rows.refuses(
        "no address",
        400,
        "validation",
        person.loggedIn().post("/users/me/email", Map.of("email", "x")));
    rows.refuses(
        "a login of six minutes ago",
        401,
        "step-up-required",
        stale(person).post("/users/me/email", wish));
  }

  private void confirmsAnotherAddress() {
    var rows = table.of("POST /users/me/email/confirm");
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    var wanted = "moved-" + person.email();
    var path = "/users/me/email/confirm";
    me.post("/users/me/email", Map.of("email", wanted));
    var code = system.smtp().code(wanted, "Confirm your new address");
    var other = Person.registered(system.client()).loggedIn();
    rows.refuses(
        "somebody else's code",
        400,
        "address-code-invalid",
        other.post(path, Map.of("code", code)));
    rows.grants("the code mailed to it", 204, me.post(path, Map.of("code", code)));
    assertThat(me.get("/users/me").text("email")).isEqualTo(wanted);
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(person.withEmail(wanted).login().status()).isEqualTo(200);
    system.smtp().awaitMail(person.email(), "Your address was changed");
    rows.refuses(
        "a code for the second time",
        400,
        "address-code-invalid",
        me.post(path, Map.of("code", code)));
    var taken = Person.registered(system.client());
    me.post("/users/me/email", Map.of("email", taken.email()));
    var late = system.smtp().code(taken.email(), "Confirm your new address");
    rows.refuses(
        "an address that an account has", 409, "email-taken", me.post(path, Map.of("code", late)));
  }

  private void exports() {
    var rows = table.of("GET /users/me/export");
    var person = Person.registered(system.client());
    var export = rows.grants("one's own", 200, person.loggedIn().get("/users/me/export"));
    assertThat(export.json().path("account").path("email").asString()).isEqualTo(person.email());
    assertThat(export.json().path("sessions").size()).isEqualTo(1);
    assertThat(export.json().path("events").findValuesAsString("action"))
        .contains("account_registered", "login_succeeded", "account_exported");
    rows.refuses(
        "a login of six minutes ago",
        401,
        "step-up-required",
        stale(person).get("/users/me/export"));
  }

  private void erases() {
    var rows = table.of("DELETE /users/me");
    var person = Person.registered(system.client());
    var other = person.login();
    rows.refuses(
        "a login of six minutes ago", 401, "step-up-required", stale(person).delete("/users/me"));
    var me = person.loggedIn();
    rows.grants("one's own", 204, me.delete("/users/me"));
    rows.refuses("an account that is erased", 401, "token-invalid", me.delete("/users/me"));
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(person.refresh(other.text("refresh_token")).code()).isEqualTo("session-expired");
    system.smtp().awaitMail(person.email(), "Your account was erased");
    assertThat(person.register().status()).isEqualTo(201);
  }

  private AuthClient stale(Person person) {
    var login = person.login();
    system.clock().advance(Duration.ofMinutes(6));
    var refreshed = person.refresh(login.text("refresh_token"));
    return person.client().bearer(refreshed.text("access_token"));
  }
}
