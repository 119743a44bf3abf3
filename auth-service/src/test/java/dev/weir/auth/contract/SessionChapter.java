package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.UUID;

/** Refresh, the view of sessions, and their end. */
record SessionChapter(TestSystem system, EndpointTable table) {
  private static final String ORIGIN = "https://localhost:8443";

  void run() {
    refreshes();
    refreshesInABrowser();
    shows();
    lists();
    endsOne();
    endsOthers();
    logsOut();
    logsOutEverywhere();
  }

  private void refreshes() {
    var rows = table.of("POST /token/refresh");
    var person = Person.registered(system.client());
    var login = person.login();
    var parent = login.text("refresh_token");
    var child = rows.grants("the current token", 200, person.refresh(parent));
    var again = rows.grants("its parent, within ten seconds", 200, person.refresh(parent));
    assertThat(again.text("refresh_token")).isEqualTo(child.text("refresh_token"));
    rows.refuses("no such token", 401, "refresh-invalid", person.refresh("x"));
    system.clock().advance(Duration.ofSeconds(11));
    rows.refuses("its parent, later", 401, "refresh-reused", person.refresh(parent));
    system.smtp().awaitMail(person.email(), "A session was ended");
    rows.refuses(
        "a session that has ended",
        401,
        "session-expired",
        person.refresh(child.text("refresh_token")));
  }

  private void refreshesInABrowser() {
    var rows = table.of("POST /token/refresh");
    var person = Person.registered(system.client());
    var login = person.loginInBrowser();
    var browser = browser(person, login);
    rows.refuses(
        "a cookie without its CSRF token",
        403,
        "csrf",
        cookies(person, login).with("Origin", ORIGIN).post("/token/refresh"));
    rows.refuses(
        "cookie and bearer token together",
        400,
        "ambiguous-credentials",
        browser.bearer(login.text("access_token")).post("/token/refresh"));
    rows.grants("a cookie with its CSRF token", 200, browser.post("/token/refresh"));
  }

  private void shows() {
    var rows = table.of("GET /session/{id}");
    var person = Person.registered(system.client());
    var login = person.login();
    var path = "/session/" + login.text("session_id");
    var me = person.client().bearer(login.text("access_token"));
    var seen = rows.grants("one's own", 200, me.get(path));
    rows.grants("it is known", 304, me.with("If-None-Match", seen.header("ETag")).get(path));
    rows.refuses("no token", 401, "token-missing", person.client().get(path));
    rows.refuses("no good token", 401, "token-invalid", person.client().bearer("x").get(path));
    rows.refuses("no such session", 404, "not-found", me.get("/session/" + UUID.randomUUID()));
    var other = Person.registered(system.client()).login().text("session_id");
    rows.refuses("somebody else's", 404, "not-found", me.get("/session/" + other));
  }

  private void lists() {
    var rows = table.of("GET /sessions");
    var person = Person.registered(system.client());
    person.login();
    var seen = rows.grants("one's own", 200, person.loggedIn().get("/sessions"));
    assertThat(seen.json().path("sessions").size()).isEqualTo(2);
    assertThat(seen.json().path("sessions").findValuesAsString("current"))
        .containsExactly("true", "false");
    rows.refuses("no token", 401, "token-missing", person.client().get("/sessions"));
  }

  private void endsOne() {
    var rows = table.of("DELETE /sessions/{id}");
    var person = Person.registered(system.client());
    var other = person.login();
    var path = "/sessions/" + other.text("session_id");
    var me = person.loggedIn();
    rows.grants("another one of one's own", 204, me.delete(path));
    assertThat(person.refresh(other.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(system.redis().streamText()).contains(other.text("session_id"));
    rows.refuses("one that has ended", 404, "not-found", me.delete(path));
    var foreign = Person.registered(system.client()).login().text("session_id");
    rows.refuses("somebody else's", 404, "not-found", me.delete("/sessions/" + foreign));
    rows.refuses("a login of six minutes ago", 401, "step-up-required", stale(person).delete(path));
  }

  private void endsOthers() {
    var rows = table.of("DELETE /sessions");
    var person = Person.registered(system.client());
    var other = person.login();
    var me = person.loggedIn();
    rows.grants("?others", 204, me.delete("/sessions?others"));
    assertThat(person.refresh(other.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(me.get("/sessions").json().path("sessions").size()).isEqualTo(1);
    rows.refuses("without ?others", 400, "validation", me.delete("/sessions"));
    rows.refuses(
        "a login of six minutes ago",
        401,
        "step-up-required",
        stale(person).delete("/sessions?others"));
  }

  private void logsOut() {
    var rows = table.of("POST /logout");
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    rows.grants("a token", 204, me.post("/logout"));
    rows.grants("the token of a session that has ended", 204, me.post("/logout"));
    rows.refuses("no token", 401, "token-missing", person.client().post("/logout"));
    var login = person.loginInBrowser();
    rows.refuses(
        "a cookie without its CSRF token",
        403,
        "csrf",
        cookies(person, login).with("Origin", ORIGIN).post("/logout"));
    rows.grants("a cookie with its CSRF token", 204, browser(person, login).post("/logout"));
  }

  private void logsOutEverywhere() {
    var rows = table.of("POST /logout/all");
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    rows.grants("a token of a fresh login", 204, me.post("/logout/all"));
    rows.refuses("a token from before", 401, "token-invalid", me.post("/logout/all"));
    rows.refuses(
        "a login of six minutes ago", 401, "step-up-required", stale(person).post("/logout/all"));
  }

  /** Logs in, lets six minutes pass, and refreshes: a good token of a login that is not fresh. */
  private AuthClient stale(Person person) {
    var login = person.login();
    system.clock().advance(Duration.ofMinutes(6));
    var refreshed = person.refresh(login.text("refresh_token"));
    return person.client().bearer(refreshed.text("access_token"));
  }

  private static AuthClient browser(Person person, Answer login) {
    return cookies(person, login)
        .with("Origin", ORIGIN)
        .with("X-CSRF-Token", login.text("csrf_token"));
  }

  private static AuthClient cookies(Person person, Answer login) {
    var line =
        "__Host-rt=%s; __Host-csrf=%s"
            .formatted(login.cookie("__Host-rt"), login.cookie("__Host-csrf"));
    return person.client().with("Cookie", line);
  }
}
