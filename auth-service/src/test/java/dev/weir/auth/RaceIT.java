package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Lets many callers do the same thing at once. */
class RaceIT {
  private final TestSystem system = TestSystem.shared();

  /** R1. */
  @RepeatedTest(5)
  void registersOneAddressOnceHoweverItIsSpelled() {
    var person = Person.stranger(system.client());
    var local = person.email().substring(0, person.email().indexOf('@'));
    var spellings =
        List.of(
            person.email(),
            person.email().toUpperCase(java.util.Locale.ROOT),
            person.email() + ".",
            " " + person.email() + " ",
            fullWidth(local) + "@example.org",
            local + "@EXAMPLE.org");
    var answers =
        atOnce(
            18,
            i ->
                person
                    .client()
                    .postAsync(
                        "/register",
                        Map.of("email", spellings.get(i % 6), "password", person.password())));

    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() == 409).hasSize(17);
    assertThat(person.login().status()).isEqualTo(200);
  }

  /** R2. */
  @RepeatedTest(3)
  void carriesOutOneOfManyRequestsWithOneIdempotencyKey() {
    var person = Person.stranger(system.client());
    var keyed = person.client().with("Idempotency-Key", "\"race-" + person.email() + "\"");
    var body = Map.of("email", person.email(), "password", person.password());
    var answers = atOnce(8, _ -> keyed.postAsync("/register", body));

    assertThat(answers)
        .allMatch(a -> a.status() == 201 || a.code().equals("idempotency-in-flight"));
    assertThat(answers)
        .filteredOn(a -> a.status() == 201 && a.header("Idempotency-Replayed").isEmpty())
        .hasSize(1);
  }

  /** R3, then R4. */
  @RepeatedTest(5)
  void givesParallelRefreshesOneTokenAndTakesALateParentForATheft() {
    var person = Person.registered(system.client());
    var login = person.login();
    var parent = login.text("refresh_token");
    var body = Map.of("refresh_token", parent);
    var answers = atOnce(20, _ -> person.client().postAsync("/token/refresh", body));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(answers.stream().map(a -> a.text("refresh_token")).distinct()).hasSize(1);
    var child = answers.getFirst().text("refresh_token");

    system.clock().advance(Duration.ofSeconds(11));
    assertThat(person.refresh(parent).code()).isEqualTo("refresh-reused");
    assertThat(person.refresh(child).code()).isEqualTo("session-expired");
    var caller = person.client().bearer(answers.getLast().text("access_token"));
    assertThat(caller.get("/session/" + login.text("session_id")).code())
        .isEqualTo("token-invalid");
  }

  /** R5. */
  @RepeatedTest(10)
  void grantsNoRefreshAfterALogout() {
    var person = Person.registered(system.client());
    var login = person.login();
    var caller = person.client().bearer(login.text("access_token"));
    var refreshing =
        person
            .client()
            .postAsync("/token/refresh", Map.of("refresh_token", login.text("refresh_token")));
    assertThat(caller.post("/logout").status()).isEqualTo(204);
    var raced = refreshing.join();

    var latest = raced.status() == 200 ? raced.text("refresh_token") : login.text("refresh_token");
    assertThat(person.refresh(latest).code()).isEqualTo("session-expired");
    if (raced.status() == 200) {
      var minted = person.client().bearer(raced.text("access_token"));
      assertThat(minted.get("/sessions").code()).isEqualTo("token-invalid");
    }
  }

  /** R7: the epoch of a token minted meanwhile is one that the end of all sessions refuses. */
  @RepeatedTest(20)
  void mintsNothingThatOutlivesTheEndOfAllSessions() {
    var person = Person.registered(system.client());
    var login = person.login();
    var caller = person.client().bearer(login.text("access_token"));
    var refreshing =
        person
            .client()
            .postAsync("/token/refresh", Map.of("refresh_token", login.text("refresh_token")));
    assertThat(caller.post("/logout/all").status()).isEqualTo(204);
    var raced = refreshing.join();

    if (raced.status() == 200) {
      var claims = raced.text("access_token").split("\\.", -1)[1];
      var text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
      assertThat(text).contains("\"ue\":0");
    } else {
      assertThat(raced.code()).isEqualTo("session-expired");
    }
  }

  /** R10: the ones that were let through are exactly the ones that were answered with 401. */
  @Test
  void hashesNoMoreWrongPasswordsThanTheLimitAllows() {
    var person = Person.registered(system.client());
    var body = Map.of("email", person.email(), "password", "not it at all, no");
    var answers = atOnce(100, _ -> person.client().postAsync("/login", body));

    assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSize(10);
    assertThat(answers).filteredOn(answer -> answer.status() == 429).hasSize(90);
  }

  @Test
  void endsEverySessionAtOnce() {
    var person = Person.registered(system.client());
    var first = person.login();
    var second = person.login();
    var caller = person.client().bearer(second.text("access_token"));

    assertThat(caller.post("/logout/all").status()).isEqualTo(204);
    assertThat(person.refresh(first.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(caller.get("/sessions").code()).isEqualTo("token-invalid");
    assertThat(person.login().status()).isEqualTo(200);
  }

  @Test
  void asksForAFreshLoginBeforeEndingEverySession() {
    var person = Person.registered(system.client());
    var login = person.login();
    system.clock().advance(Duration.ofMinutes(6));
    var refreshed = person.refresh(login.text("refresh_token"));
    var answer = person.client().bearer(refreshed.text("access_token")).post("/logout/all");

    assertThat(answer.code()).isEqualTo("step-up-required");
    assertThat(answer.header("WWW-Authenticate"))
        .contains("error=\"insufficient_user_authentication\"", "max_age=300");
  }

  private static List<Answer> atOnce(int calls, IntFunction<CompletableFuture<Answer>> call) {
    var running = new ArrayList<CompletableFuture<Answer>>();
    IntStream.range(0, calls).forEach(i -> running.add(call.apply(i)));
    return running.stream().map(CompletableFuture::join).toList();
  }

  private static String fullWidth(String ascii) {
    var wide = new StringBuilder();
    ascii.chars().forEach(c -> wide.append((char) (c + 0xfee0)));
    return wide.toString();
  }
}
