package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Registers, in the open and in secret. */
class RegistrationIT {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final TestSystem SYSTEM = TestSystem.shared();

  @Test
  void revealsThatAnAddressIsTaken() {
    var person = Person.registered(SYSTEM.client());
    var again = person.register();
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("email-taken");
  }

  @Test
  void namesEveryFaultOfABodyAtOnceAndRepeatsNoValue() {
    var answer =
        SYSTEM
            .client()
            .post(
                "/register",
                "application/json",
                "{\"email\":7,\"passwort\":\"hunter2\",\"a/b\":1}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("validation");
    assertThat(answer.response().body()).doesNotContain("hunter2");
    assertThat(answer.json().path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/email", "/password", "/passwort", "/a~1b");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void saysWhyAPasswordIsWeak() {
    for (var weak :
        new String[] {
          "short", "passwordpassword", "aaaaaaaaaaaaaaaa", "1234567890123456", "x".repeat(129)
        }) {
      var answer = new Person(SYSTEM.client(), "weak@example.org", weak).register();
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.code()).isEqualTo("weak-password");
      assertThat(answer.json().path("errors").get(0).path("pointer").asString())
          .isEqualTo("/password");
    }
  }

  @Test
  void refusesALeakedPasswordWhereverOneIsChosen() {
    var leaked = "four leaked words here";
    var person = Person.registered(SYSTEM.client());
    SYSTEM.ranges().put("1AEA0", "238DEE3AA6D0074A71E5091A82FD989EB72:7");
    var newcomer = new Person(SYSTEM.client(), "newcomer-7@example.org", leaked).register();
    var change = Map.of("current_password", person.password(), "new_password", leaked);
    var changed = person.client().bearer(person.login().text("access_token"));
    person.client().post("/password/forgot", Map.of("email", person.email()));
    var code = SYSTEM.smtp().code(person.email(), "Reset your password");
    var reset = Map.of("code", code, "password", leaked);
    for (var answer :
        List.of(
            newcomer,
            changed.post("/password/change", change),
            person.client().post("/password/reset", reset))) {
      assertThat(answer.status()).isEqualTo(422);
      assertThat(answer.code()).isEqualTo("weak-password");
      assertThat(answer.json().path("detail").asString()).contains("theft elsewhere");
    }
  }

  @Test
  void honoursEveryByteOfALongPassword() {
    var person = Person.stranger(SYSTEM.client());
    var password = "ä horse, a staple and ".repeat(5).substring(0, 100);
    var long1 = new Person(person.client(), person.email(), password + "x");
    assertThat(long1.register().status()).isEqualTo(201);
    assertThat(long1.login(password + "y").status()).isEqualTo(401);
    assertThat(long1.login(password + "X").status()).isEqualTo(401);
    assertThat(long1.login().status()).isEqualTo(200);
  }

  @Test
  void refusesBodiesThatAreNotSmallStrictJson() {
    var client = Person.stranger(SYSTEM.client()).client();
    assertThat(client.post("/register", "text/plain", "{}").status()).isEqualTo(415);
    assertThat(client.post("/register", "application/json; charset=utf-16", "{}").status())
        .isEqualTo(415);
    assertThat(client.post("/register").status()).isEqualTo(415);
    assertThat(client.post("/register", "application/json", "x".repeat(17_000)).status())
        .isEqualTo(413);
    for (var body :
        new String[] {
          "",
          "[]",
          "null",
          "{",
          "{} {}",
          "{\"email\":\"a\",\"email\":\"b\"}",
          "\ufeff{}",
          "{\"a\":" + "[".repeat(9) + "]".repeat(9) + "}"
        }) {
      assertThat(client.post("/register", "application/json", body).code())
          .isEqualTo("malformed-body");
    }
    var wrong = client.method("DELETE", "/register");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("Allow")).isEqualTo("POST");
    assertThat(client.get("/nowhere").code()).isEqualTo("not-found");
  }

  @Test
  void replaysTheAnswerToARepeatedKey() {
    var person = Person.stranger(SYSTEM.client());
    var keyed = person.client().with("Idempotency-Key", "\"k-" + person.email() + "\"");
    var mine = new Person(keyed, person.email(), person.password());
    var first = mine.register();
    var second = mine.register();

    assertThat(second.status()).isEqualTo(first.status()).isEqualTo(201);
    assertThat(second.response().body()).isEqualTo(first.response().body());
    assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(new Person(keyed, person.email(), "another fine password").register().code())
        .isEqualTo("idempotency-mismatch");
    var bare = person.client().with("Idempotency-Key", "unquoted");
    assertThat(new Person(bare, person.email(), person.password()).register().code())
        .isEqualTo("idempotency-key-invalid");
  }

  @Test
  void concealsWhetherAnAddressIsKnownAndMailsInstead() {
    var person = Person.stranger(conceal());
    var fresh = person.register();
    assertThat(fresh.status()).isEqualTo(202);
    var code = code(person, 1);

    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    var other = Map.of("code", code, "password", "somebody else's guess");
    assertThat(person.client().post("/register/verify", other).code())
        .isEqualTo("verification-invalid");
    var mine = Map.of("code", code, "password", person.password());
    assertThat(person.client().post("/register/verify", mine).status()).isEqualTo(204);
    assertThat(person.client().post("/register/verify", mine).code())
        .isEqualTo("verification-invalid");
    assertThat(person.login().status()).isEqualTo(200);

    var again = person.register();
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.response().body()).isEqualTo(fresh.response().body());
    await().until(() -> SYSTEM.smtp().to(person.email()).size() == 2);
    assertThat(SYSTEM.smtp().to(person.email()).getLast()).contains("already");
  }

  @Test
  void mailsOneAddressThreeTimesADayAtMost() {
    var person = Person.stranger(conceal());
    for (int i = 0; i < 5; i++) {
      assertThat(person.register().status()).isEqualTo(202);
    }
    code(person, 3);
    assertThat(SYSTEM.smtp().to(person.email())).hasSize(3);
  }

  private static AuthClient conceal() {
    return SYSTEM.concealing();
  }

  private static String code(Person person, int mails) {
    await().until(() -> SYSTEM.smtp().to(person.email()).size() >= mails);
    var mail = SYSTEM.smtp().to(person.email()).getLast();
    return CODE.matcher(mail).results().findFirst().orElseThrow().group();
  }
}
