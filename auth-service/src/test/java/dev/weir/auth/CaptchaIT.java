package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.LeakCheck;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.altcha.altcha.Altcha;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Work that is asked for after three failures, and who is asked. */
@ExtendWith(LeakCheck.class)
class CaptchaIT {
  private final TestSystem system = TestSystem.shared();

  private Person failedThrice() {
    var person = Person.registered(system.puzzling());
    for (int i = 0; i < 3; i++) {
      assertThat(person.login("guess number " + i).code()).isEqualTo("invalid-credentials");
    }
    return person;
  }

  private static Answer login(Person person, String password, String captcha) {
    return person
        .client()
        .post("/login", Map.of("email", person.email(), "password", password, "captcha", captcha));
  }

  private static JsonNode asked(Person person) {
    var refused = person.login(person.password());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("captcha-required");
    return refused.json().path("challenge");
  }

  /** Solves it as a widget would: try one number after the other. */
  private static String solve(JsonNode challenge) throws Exception {
    var solution =
        Altcha.solveChallenge(
            challenge.path("challenge").asString(),
            challenge.path("salt").asString(),
            Altcha.Algorithm.SHA256,
            challenge.path("maxnumber").asLong(),
            0);
    return answer(challenge, challenge.path("salt").asString(), "" + solution.number);
  }

  private static String answer(JsonNode challenge, String salt, String number) {
    var json =
        "{\"algorithm\":\"SHA-256\",\"challenge\":\"%s\",\"number\":%s,\"salt\":\"%s\",\"signature\":\"%s\"}"
            .formatted(
                challenge.path("challenge").asString(),
                number,
                salt,
                challenge.path("signature").asString());
    return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void asksAStrangerAfterThreeFailuresAndLetsInWhoHasDoneTheWork() throws Exception {
    var person = failedThrice();
    for (int i = 0; i < 12; i++) {
      assertThat(asked(person).path("signature").asString()).as("costs no attempt").isNotEmpty();
    }
    var solved = solve(asked(person));
    assertThat(login(person, "guess again", solved).code()).isEqualTo("invalid-credentials");
    assertThat(login(person, person.password(), solved).code())
        .as("a puzzle is solved once")
        .isEqualTo("captcha-required");
    assertThat(login(person, person.password(), solve(asked(person))).status()).isEqualTo(200);
    assertThat(person.login().status()).as("a success begins anew").isEqualTo(200);
  }

  @Test
  void takesNoAnswerThatIsNone() throws Exception {
    var person = failedThrice();
    var challenge = asked(person);
    var salt = challenge.path("salt").asString();
    var late = solve(asked(person));
    var number = number(solve(challenge));
    for (var bad :
        new String[] {
          "x",
          answer(challenge, salt, "-1"),
          answer(challenge, salt, number + ".5"),
          answer(challenge, salt.replace("?expires=1", "?expires=2"), number),
          answer(challenge, salt.substring(0, salt.length() - 1), number),
          answer(challenge, salt + number.charAt(0), number.substring(1) + "0"),
          answer(asked(person), salt, number)
        }) {
      assertThat(login(person, person.password(), bad).code()).isEqualTo("captcha-required");
    }
    system.clock().advance(Duration.ofSeconds(121));
    assertThat(login(person, person.password(), late).code()).isEqualTo("captcha-required");
  }

  private static String number(String answer) {
    var json = new String(Base64.getDecoder().decode(answer), StandardCharsets.UTF_8);
    return JsonMapper.shared().readTree(json).path("number").asString();
  }

  @Test
  void asksNoBrowserThatHasBeenInBefore() {
    var person = Person.registered(system.puzzling());
    var device = person.loginInBrowser().cookie("__Host-dev");
    for (int i = 0; i < 4; i++) {
      person.login("guess number " + i);
    }
    asked(person);
    var known =
        new Person(
            person.client().with("Cookie", "__Host-dev=" + device),
            person.email(),
            person.password());
    assertThat(known.loginInBrowser().status()).isEqualTo(200);
  }
}
