package dev.weir.auth.contract;

import static dev.weir.auth.testing.Keyholder.OPTIONS;
import static dev.weir.auth.testing.Keyholder.VERIFY;
import static dev.weir.auth.testing.SoftwarePasskey.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A passkey as the second factor of a password, or of a session that is to be raised. */
record SecondPasskeyChapter(TestSystem system, EndpointTable table) {
  void run() {
    asks();
    logsIn();
    takesNoOtherAnswer();
    countsTriesOfBothKinds();
    takesRecoveryCodes();
    stepsUp();
  }

  private static List<String> factors(Answer answer) {
    return answer.json().path("factors").valueStream().map(JsonNode::asString).toList();
  }

  private void asks() {
    var rows = table.of("POST " + OPTIONS);
    var holder = Keyholder.registered(system.client());
    var login = holder.person().login();
    assertThat(login.code()).isEqualTo("mfa-required");
    assertThat(factors(login)).containsExactly("passkey", "recovery");
    var asked =
        rows.grants("a challenge of one's own", 200, holder.options(login.text("challenge_id")));
    var allowed = asked.json().path("allowCredentials");
    assertThat(allowed.size()).isOne();
    assertThat(allowed.get(0).path("id").asString())
        .isEqualTo(holder.passkey().assertion(asked.json()).get("id"));
    var guarded = Guarded.person(system);
    var code = guarded.person().login();
    assertThat(factors(code)).containsExactly("totp", "recovery");
    rows.refuses("no passkey", 409, "factor-missing", holder.options(code.text("challenge_id")));
    rows.refuses("no such challenge", 410, "challenge-expired", holder.options("nobody's"));
    rows.refuses(
        "no challenge", 400, "validation", holder.person().client().post(OPTIONS, Map.of()));
  }

  private void logsIn() {
    var rows = table.of("POST " + VERIFY);
    var holder = Keyholder.registered(system.client());
    var challenge = holder.owed();
    var options = holder.options(challenge).json();
    var login =
        rows.grants(
            "a passkey of the person", 200, holder.verify(challenge, holder.passkey(), options));
    assertThat(login.text("acr")).isEqualTo("urn:x:aal2");
    assertThat(login.text("refresh_token")).as("what was asked for at the login").isNotEmpty();
    rows.refuses(
        "the same answer again",
        410,
        "challenge-expired",
        holder.verify(challenge, holder.passkey(), options));
    var next = holder.owed();
    rows.refuses(
        "an answer to another challenge of the person",
        401,
        "mfa-invalid",
        holder.verify(next, holder.passkey(), options));
    var nameless = holder.passkey().nameless();
    rows.grants(
        "an authenticator that names nobody",
        200,
        holder.verify(next, nameless, holder.options(next).json()));
  }

  private void takesNoOtherAnswer() {
    var holder = Keyholder.registered(system.client());
    var passkey = holder.passkey();
    var other = Keyholder.registered(system.client());
    var challenge = holder.owed();
    var options = holder.options(challenge).json();
    refuses("another person's passkey", holder.verify(challenge, other.passkey(), options));
    var disguised = other.passkey().handedTo(passkey);
    refuses("another person's under one's name", holder.verify(challenge, disguised, options));
    refuses(
        "another key's signature",
        holder.verify(challenge, passkey.signingLike(other.passkey()), options));
    refuses("its user was not verified", holder.verify(challenge, passkey.with(PRESENT), options));
    refuses(
        "an answer for a login by passkey", holder.verify(challenge, passkey, holder.challenge()));
    table
        .of("POST " + Keyholder.LOGIN)
        .refuses(
            "an answer to a second factor's challenge",
            401,
            "passkey-refused",
            holder.answer(passkey, holder.options(holder.owed()).json()));
    var next = holder.owed();
    refuses(
        "another page's answer",
        holder.verify(next, passkey.from("https://evil.example"), holder.options(next).json()));
    var both = Map.of("challenge_id", next, "code", "000000", "credential", Map.of("id", "x"));
    var client = holder.person().client();
    table
        .of("POST " + VERIFY)
        .refuses("a code and a credential", 400, "validation", client.post(VERIFY, both));
    assertThat(client.post(VERIFY, Map.of("challenge_id", next)).code()).isEqualTo("validation");
    var counting = passkey.counting(5);
    assertThat(holder.verify(next, counting, holder.options(next).json()).status()).isEqualTo(200);
    var last = holder.owed();
    refuses(
        "one that counts no further", holder.verify(last, counting, holder.options(last).json()));
  }

  private void refuses(String when, Answer answer) {
    table.of("POST " + VERIFY).refuses(when, 401, "mfa-invalid", answer);
  }

  private void countsTriesOfBothKinds() {
    var guarded = Guarded.person(system);
    var holder = Keyholder.adding(guarded.person(), guarded.loggedIn());
    assertThat(holder.codes()).as("there are some").isEmpty();
    var stranger = SoftwarePasskey.make();
    var login = guarded.person().login();
    assertThat(factors(login)).containsExactly("passkey", "totp", "recovery");
    var challenge = login.text("challenge_id");
    var options = holder.options(challenge).json();
    for (int i = 0; i < 4; i++) {
      var wrong =
          i % 2 == 0
              ? guarded.verify(challenge, "00000" + i)
              : holder.verify(challenge, stranger, options);
      assertThat(wrong.code()).isEqualTo("mfa-invalid");
    }
    assertThat(holder.verify(challenge, stranger, options).code()).isEqualTo("mfa-invalid");
    table
        .of("POST " + VERIFY)
        .refuses(
            "a passkey after five tries of either kind",
            410,
            "challenge-expired",
            holder.verify(challenge, holder.passkey(), options));
    assertThat(holder.options(challenge).code()).isEqualTo("challenge-expired");
    leavesThePasskeyIn(guarded, holder);
  }

  /** Who knows the password can use up the tries of codes, and with them no passkey's. */
  private void leavesThePasskeyIn(Guarded guarded, Keyholder holder) {
    var challenge = holder.owed();
    while (true) {
      var answer = guarded.verify(challenge, "000000");
      if (answer.code().equals("throttled")) {
        break;
      }
      assertThat(answer.code()).isIn("mfa-invalid", "challenge-expired");
      challenge = answer.code().equals("mfa-invalid") ? challenge : holder.owed();
    }
    assertThat(guarded.verify(challenge, guarded.freshCode()).code()).isEqualTo("throttled");
    table
        .of("POST " + VERIFY)
        .grants("a passkey, after ten codes in 15 minutes", 200, holder.verify(challenge));
  }

  private void takesRecoveryCodes() {
    var holder = Keyholder.registered(system.client());
    assertThat(holder.codes()).hasSize(10);
    var code = Map.of("challenge_id", holder.owed(), "code", holder.codes().getFirst());
    var login = holder.person().client().post(VERIFY, code);
    assertThat(login.status()).as("an authenticator is lost").isEqualTo(200);
    system.smtp().awaitMail(holder.person().email(), "A recovery code was used");
    var me = holder.person().client().bearer(login.text("access_token"));
    assertThat(me.delete("/passkeys/" + holder.id()).status()).isEqualTo(204);
    assertThat(holder.person().login().status()).as("nothing is left to ask for").isEqualTo(200);
    var again = Keyholder.adding(holder.person(), holder.person().loggedIn());
    assertThat(again.codes()).as("the old ones went with it").hasSize(10);
  }

  private void stepsUp() {
    var holder = Keyholder.registered(system.client());
    var login = holder.verify(holder.owed());
    system.clock().advance(Duration.ofMinutes(61));
    var decayed = holder.person().refresh(login.text("refresh_token"));
    assertThat(decayed.text("acr")).isEqualTo("urn:x:aal1");
    var me = holder.person().client().bearer(decayed.text("access_token"));
    var asked =
        table
            .of("POST /mfa/challenge")
            .grants("a session of somebody with a passkey", 201, me.post("/mfa/challenge"));
    assertThat(factors(asked)).containsExactly("passkey", "recovery");
    var raised = holder.verify(asked.text("challenge_id"));
    table.of("POST " + VERIFY).grants("a passkey, for an open session", 200, raised);
    assertThat(raised.text("acr")).isEqualTo("urn:x:aal2");
    assertThat(me.get("/users/me").code()).as("the session it replaces").isEqualTo("token-invalid");
  }
}
