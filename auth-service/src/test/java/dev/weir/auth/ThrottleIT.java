package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.token.RefreshToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs in too often. */
class ThrottleIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void refusesTheEleventhLoginWhetherTheyFailSucceedOrNameNobody() {
    var known = Person.registered(system.client());
    var wrong = Person.registered(system.client());
    var nobody = Person.stranger(system.client());

    for (var answers :
        List.of(
            dozen(known::login),
            dozen(() -> wrong.login("not it at all, no")),
            dozen(nobody::login))) {
      assertThat(answers.subList(0, 10)).noneMatch(answer -> answer.status() == 429);
      assertThat(answers.subList(10, 12)).allMatch(answer -> answer.status() == 429);
      var refused = answers.getLast();
      assertThat(refused.code()).isEqualTo("throttled");
      assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(880L, 900L);
      assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=30;w=300");
      assertThat(refused.header("RateLimit")).matches("\"address\";r=20;t=\\d+");
    }
  }

  @Test
  void tellsKnownAndUnknownApartByNothing() {
    var known = Person.registered(system.client());
    var nobody = Person.stranger(system.client());
    var wrong = known.login("not it at all, no");
    var absent = nobody.login("not it at all, no");

    assertThat(absent.status()).isEqualTo(wrong.status()).isEqualTo(401);
    assertThat(shape(absent)).isEqualTo(shape(wrong));
    assertThat(absent.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"weir\"");
  }

  @Test
  void countsOneIdentityUnderAllItsSpellings() {
    var person = Person.registered(system.client());
    for (int i = 0; i < 10; i++) {
      var spelling =
          i % 2 == 0 ? person.email().toUpperCase(java.util.Locale.ROOT) : person.email() + ".";
      new Person(person.client(), spelling, "not it at all, no").login();
    }
    assertThat(person.login().status()).isEqualTo(429);
  }

  @Test
  void leavesTheOwnersDeviceABudgetThatAStrangerCannotUseUp() {
    var owner = Person.registered(system.client());
    var device = owner.loginInBrowser().cookie("__Host-dev");
    var stranger =
        new Person(Person.stranger(system.client()).client(), owner.email(), "wrong wrong wrong");
    dozen(stranger::login);

    var atHome = owner.client().with("Cookie", "__Host-dev=" + device);
    assertThat(new Person(atHome, owner.email(), owner.password()).loginInBrowser().status())
        .isEqualTo(200);
    assertThat(owner.loginInBrowser().status()).isEqualTo(429);
  }

  @Test
  void refusesAnAddressThatTriesManyIdentities() {
    var address = Person.stranger(system.client()).client();
    for (int i = 0; i < 30; i++) {
      assertThat(
              new Person(address, "victim" + i + "@example.org", "guess guess guess")
                  .login()
                  .status())
          .isEqualTo(401);
    }
    var refused = new Person(address, "victim31@example.org", "guess guess guess").login();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("RateLimit")).startsWith("\"address\";r=0;t=");
  }

  /** A passkey cannot be guessed; what an address may do is how much work it makes. */
  @Test
  void countsPasskeysAfterAPasswordAgainstTheAddressAndNotThePerson() {
    var holder = Keyholder.registered(system.client());
    var owner = holder.person();
    var thief =
        new Person(Person.stranger(system.client()).client(), owner.email(), owner.password());
    var challenge = "";
    for (int login = 0; login < 5; login++) {
      challenge = thief.login().text("challenge_id");
      for (int i = 0; i < 5; i++) {
        assertThat(nonsense(thief, challenge).code()).isEqualTo("mfa-invalid");
      }
    }
    assertThat(nonsense(thief, challenge).code()).isEqualTo("throttled");
    assertThat(holder.verify(holder.owed()).status()).isEqualTo(200);
  }

  private static Answer nonsense(Person person, String challenge) {
    var body = Map.of("challenge_id", challenge, "credential", Map.of("id", "x"));
    return person.client().post(Keyholder.VERIFY, body);
  }

  @Test
  void refusesTheThirtyFirstRefreshOfASessionInAMinute() {
    var person = Person.registered(system.client());
    var token = person.login().text("refresh_token");
    var answers = new ArrayList<Answer>();
    for (int i = 0; i < 31; i++) {
      var answer = person.refresh(token);
      token = answer.status() == 200 ? answer.text("refresh_token") : token;
      answers.add(answer);
    }
    assertThat(answers.subList(0, 30)).allMatch(answer -> answer.status() == 200);
    assertThat(answers.getLast().code()).isEqualTo("throttled");
  }

  @Test
  void countsNoForgedTokenAgainstTheSessionThatItNames() {
    var person = Person.registered(system.client());
    var token = person.login().text("refresh_token");
    var session = RefreshToken.read(token).orElseThrow().sessionId();
    var forged = RefreshToken.write(session, 1, new byte[32]);
    for (int i = 0; i < 31; i++) {
      assertThat(person.refresh(forged).code()).isEqualTo("refresh-invalid");
    }
    assertThat(person.refresh(token).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "application/json; charset=none", "a/b/c", ";"})
  void refusesAMalformedMediaType(String type) {
    var answer = Person.stranger(system.client()).client().post("/login", type, "{}");
    assertThat(answer.status()).isEqualTo(415);
  }

  private static List<Answer> dozen(Supplier<Answer> attempt) {
    return java.util.stream.Stream.generate(attempt).limit(12).toList();
  }

  private static String shape(Answer answer) {
    var body = answer.response().body();
    return body.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
  }
}
