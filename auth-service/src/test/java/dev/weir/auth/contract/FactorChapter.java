package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.factor.Authenticator;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Second factors: enrolment, challenge, recovery codes, and their end. */
record FactorChapter(TestSystem system, EndpointTable table) {
  void run() {
    enrols();
    isNoWayRoundAPasskey();
    logsIn();
    stepsUp();
    lists();
    renewsRecoveryCodes();
    removes();
    isRemovedByAnAdministrator();
  }

  private void enrols() {
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    var rows = table.of("POST /factors/totp");
    var enrolment = rows.grants("no authenticator yet", 201, me.post("/factors/totp"));
    assertThat(enrolment.text("uri"))
        .startsWith("otpauth://totp/Weir:" + person.email().replace("@", "%40"));
    var path = "/factors/" + enrolment.text("id") + "/confirm";
    var authenticator = new Authenticator(enrolment.text("secret"), system.clock());
    assertThat(person.login().status()).isEqualTo(200);
    rows = table.of("POST /factors/{id}/confirm");
    var wrong = Map.of("code", authenticator.codeOf(9));
    rows.refuses("another code", 400, "factor-code-invalid", me.post(path, wrong));
    var right = Map.of("code", authenticator.code());
    var confirmed = rows.grants("its first code", 200, me.post(path, right));
    assertThat(confirmed.json().path("recovery_codes").size()).isEqualTo(10);
    system.smtp().awaitMail(person.email(), "A second factor was added");
    var guarded = new Guarded(system, person, enrolment.text("id"), authenticator, List.of());
    var strong = guarded.loggedIn();
    rows.refuses("one that is confirmed", 400, "factor-code-invalid", strong.post(path, right));
    rows = table.of("POST /factors/totp");
    rows.refuses("an authenticator already", 409, "factor-exists", strong.post("/factors/totp"));
    system.clock().advance(Duration.ofMinutes(6));
    table.refuses("an access token that is over", 401, "token-invalid", me.post("/factors/totp"));
  }

  /** A stolen password must not get a factor that then removes the owner's. */
  private void isNoWayRoundAPasskey() {
    var rows = table.of("POST /factors/totp");
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    var begun = me.post("/factors/totp");
    var options = me.post(Keyholder.ASK).json();
    var passkey = SoftwarePasskey.make().of(options);
    var added = me.post(Keyholder.ADD, Map.of("credential", passkey.creation(options)));
    assertThat(added.status()).isEqualTo(201);
    rows.refuses("a passkey, a password alone", 401, "step-up-required", me.post("/factors/totp"));
    rows = table.of("POST /factors/{id}/confirm");
    var path = "/factors/" + begun.text("id") + "/confirm";
    var code = Map.of("code", new Authenticator(begun.text("secret"), system.clock()).code());
    rows.refuses("a passkey, a password alone", 401, "step-up-required", me.post(path, code));
    var strong = new Keyholder(person, passkey, added.text("id"), me, List.of()).loggedIn();
    rows.grants("a passkey, a fresh login with it", 200, strong.post(path, code));
  }

  private void logsIn() {
    var guarded = Guarded.person(system);
    var owed =
        table
            .of("POST /login")
            .refuses(
                "an account with a second factor", 401, "mfa-required", guarded.person().login());
    var challenge = owed.text("challenge_id");
    var rows = table.of("POST /mfa/verify");
    rows.refuses("another code", 401, "mfa-invalid", guarded.verify(challenge, "000000"));
    var code = guarded.freshCode();
    var login = rows.grants("a code of the authenticator", 200, guarded.verify(challenge, code));
    assertThat(login.text("acr")).isEqualTo("urn:x:aal2");
    rows.refuses(
        "a challenge that was met", 410, "challenge-expired", guarded.verify(challenge, code));
    var second = guarded.person().login().text("challenge_id");
    rows.refuses("a code for the second time", 401, "mfa-invalid", guarded.verify(second, code));
    var recovery = guarded.codes().getFirst();
    rows.grants(
        "a recovery code",
        200,
        guarded.verify(second, recovery.toUpperCase(java.util.Locale.ROOT)));
    system.smtp().awaitMail(guarded.person().email(), "A recovery code was used");
    var third = guarded.person().login().text("challenge_id");
    rows.refuses(
        "a recovery code for the second time", 401, "mfa-invalid", guarded.verify(third, recovery));
    system.clock().advance(Duration.ofMinutes(6));
    rows.refuses(
        "a challenge of six minutes ago",
        410,
        "challenge-expired",
        guarded.verify(third, guarded.freshCode()));
    tries(Guarded.person(system));
  }

  private void tries(Guarded guarded) {
    var rows = table.of("POST /mfa/verify");
    var challenge = guarded.person().login().text("challenge_id");
    for (int i = 0; i < 5; i++) {
      assertThat(guarded.verify(challenge, "00000" + i).code()).isEqualTo("mfa-invalid");
    }
    rows.refuses(
        "a challenge after five tries",
        410,
        "challenge-expired",
        guarded.verify(challenge, guarded.freshCode()));
    var next = guarded.person().login().text("challenge_id");
    for (int i = 0; i < 5; i++) {
      assertThat(guarded.verify(next, "00000" + i).code()).isEqualTo("mfa-invalid");
    }
    var last = guarded.person().login().text("challenge_id");
    rows.refuses(
        "the eleventh try in 15 minutes",
        429,
        "throttled",
        guarded.verify(last, guarded.freshCode()));
    rows.grants(
        "a recovery code, all the same", 200, guarded.verify(last, guarded.codes().getFirst()));
  }

  private void stepsUp() {
    var rows = table.of("POST /mfa/challenge");
    var guarded = Guarded.person(system);
    var login = guarded.login();
    system.clock().advance(Duration.ofMinutes(61));
    var decayed = guarded.person().refresh(login.text("refresh_token"));
    assertThat(decayed.text("acr")).isEqualTo("urn:x:aal1");
    var me = guarded.person().client().bearer(decayed.text("access_token"));
    var asked =
        rows.grants("a session of somebody with a second factor", 201, me.post("/mfa/challenge"));
    var raised = guarded.verify(asked.text("challenge_id"), guarded.freshCode());
    table.of("POST /mfa/verify").grants("a challenge of an open session", 200, raised);
    assertThat(raised.text("acr")).isEqualTo("urn:x:aal2");
    assertThat(me.get("/users/me").code()).isEqualTo("token-invalid");
    assertThat(guarded.person().refresh(decayed.text("refresh_token")).code())
        .isEqualTo("session-expired");
    rows = table.of("POST /mfa/challenge");
    var other = Person.registered(system.client()).loggedIn();
    rows.refuses("no second factor", 409, "factor-missing", other.post("/mfa/challenge"));
    for (int i = 0; i < 9; i++) {
      assertThat(other.post("/mfa/challenge").code()).isEqualTo("factor-missing");
    }
    rows.refuses(
        "the eleventh of a session in 5 minutes", 429, "throttled", other.post("/mfa/challenge"));
    rows.refuses("no token", 401, "token-missing", system.client().post("/mfa/challenge"));
  }

  private void lists() {
    var rows = table.of("GET /factors");
    var seen = rows.grants("one's own", 200, Guarded.person(system).loggedIn().get("/factors"));
    assertThat(seen.json().path("factors").get(0).path("type").asString()).isEqualTo("totp");
    rows.refuses("no token", 401, "token-missing", system.client().get("/factors"));
  }

  private void renewsRecoveryCodes() {
    var rows = table.of("POST /factors/recovery-codes");
    var guarded = Guarded.person(system);
    var me = guarded.loggedIn();
    rows.grants("a fresh second factor", 200, me.post("/factors/recovery-codes"));
    var challenge = guarded.person().login().text("challenge_id");
    assertThat(guarded.verify(challenge, guarded.codes().getLast()).code())
        .isEqualTo("mfa-invalid");
    var other = Person.registered(system.client()).loggedIn();
    var refused =
        rows.refuses(
            "a password alone", 401, "step-up-required", other.post("/factors/recovery-codes"));
    assertThat(refused.header("WWW-Authenticate"))
        .contains("acr_values=\"urn:x:aal2\"", "max_age=300");
  }

  private void removes() {
    var rows = table.of("DELETE /factors/{id}");
    var guarded = Guarded.person(system);
    var path = "/factors/" + guarded.factor();
    var me = guarded.loggedIn();
    rows.refuses("no such factor", 404, "not-found", me.delete("/factors/" + UUID.randomUUID()));
    rows.grants("a fresh second factor", 204, me.delete(path));
    system.smtp().awaitMail(guarded.person().email(), "A second factor was removed");
    assertThat(guarded.person().login().status()).isEqualTo(200);
    rows.refuses(
        "a password alone", 401, "step-up-required", guarded.person().loggedIn().delete(path));
  }

  private void isRemovedByAnAdministrator() {
    var rows = table.of("DELETE /admin/users/{id}/factors");
    var guarded = Guarded.person(system);
    var admin = Person.registered(system.client());
    system.grant(admin.email(), "admin");
    var me = admin.loggedIn();
    var found = me.post("/admin/users/find", Map.of("email", guarded.person().email()));
    var id = found.json().path("users").get(0).path("id").asString();
    rows.grants("an administrator", 204, me.delete("/admin/users/" + id + "/factors"));
    assertThat(guarded.person().login().status()).isEqualTo(200);
    rows.refuses(
        "not an administrator",
        403,
        "insufficient-scope",
        guarded.person().loggedIn().delete("/admin/users/" + id + "/factors"));
  }
}
