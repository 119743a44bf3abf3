package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import dev.weir.auth.token.RefreshToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lets refreshes of a session meet each other, and what ends the session. */
class RefreshRaceIT {
  /** Below the thirty a minute of one session, so that the last word is never the throttle's. */
  private static final int AT_MOST = 25;

  private final TestSystem system = TestSystem.shared();

  @Test
  @Tag("R3")
  void givesParallelRefreshesOneToken() {
    Race.of("R3", "20 refreshes of one token", 5)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var parent = person.login().text("refresh_token");
              var answers = Together.call(20, _ -> person.refresh(parent));
              assertThat(answers).allMatch(answer -> answer.status() == 200);
              var children = answers.stream().map(a -> a.text("refresh_token")).distinct().toList();
              assertThat(children).hasSize(1);
              long grown = counter(children.getFirst()) - counter(parent);
              assertThat(grown).isEqualTo(1);
              outcomes.add("refresh, all of a run with one token", answers.size());
              outcomes.add("counter + " + grown);
            });
  }

  @Test
  @Tag("R4")
  void takesALateParentForATheft() {
    Race.of("R4", "a parent token after its child and the window", 5)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var login = person.login();
              var parent = login.text("refresh_token");
              var answers = Together.call(4, _ -> person.refresh(parent));
              var child = answers.getFirst().text("refresh_token");
              system.clock().advance(Duration.ofSeconds(11));
              assertThat(person.refresh(parent).code()).isEqualTo("refresh-reused");
              assertThat(person.refresh(child).code()).isEqualTo("session-expired");
              var caller = person.client().bearer(answers.getLast().text("access_token"));
              assertThat(caller.get("/session/" + login.text("session_id")).code())
                  .isEqualTo("token-invalid");
              outcomes.add("session, child and access token dead");
            });
  }

  @Test
  @Tag("R5")
  void grantsNoRefreshAfterALogout() {
    Race.of("R5", "refreshes beside a logout", 10)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var login = person.login();
              var caller = person.client().bearer(login.text("access_token"));
              outcomes.add(beside(person, login, () -> caller.post("/logout"), 204));
            });
  }

  @Test
  @Tag("R6")
  void grantsNoRefreshAfterAChangeOfThePassword() {
    Race.of("R6", "refreshes beside a change of password", 5)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var login = person.login();
              var me = person.loggedIn();
              var other = "five lazy dogs sat down";
              var change = Map.of("current_password", person.password(), "new_password", other);
              var answers = beside(person, login, () -> me.post("/password/change", change), 200);
              outcomes.add(answers);
              assertThat(answers).filteredOn(a -> a.status() == 200).allMatch(a -> isOfEpoch(a, 0));
              assertThat(person.withPassword(other).login().status()).isEqualTo(200);
            });
  }

  /** The epoch of a token minted meanwhile is one that the end of all sessions refuses. */
  @Test
  @Tag("R7")
  void mintsNothingThatOutlivesTheEndOfAllSessions() {
    Race.of("R7", "refreshes beside the logout of all sessions", 10)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var login = person.login();
              var caller = person.client().bearer(login.text("access_token"));
              var answers = beside(person, login, () -> caller.post("/logout/all"), 204);
              outcomes.add(answers);
              assertThat(answers).filteredOn(a -> a.status() == 200).allMatch(a -> isOfEpoch(a, 0));
            });
  }

  /**
   * Refreshes again and again until it is refused, while something ends the session; returns what
   * the refreshes were answered. Nothing of theirs may be good afterwards, and none that was begun
   * after the end may succeed.
   */
  private static List<Answer> beside(
      Person person, Answer login, Supplier<Answer> ending, int expected) {
    var over = new AtomicBoolean();
    var refreshing =
        CompletableFuture.supplyAsync(
            () -> untilRefused(person, login.text("refresh_token"), over));
    var ended = ending.get();
    over.set(true);
    assertThat(ended.status()).as(ended.response().body()).isEqualTo(expected);
    var answers = refreshing.join();
    var minted = answers.stream().filter(answer -> answer.status() == 200).toList();
    assertThat(answers)
        .allMatch(answer -> answer.status() == 200 || answer.code().equals("session-expired"));
    var latest = minted.isEmpty() ? login : minted.getLast();
    assertThat(person.refresh(latest.text("refresh_token")).code()).isEqualTo("session-expired");
    var caller = person.client().bearer(latest.text("access_token"));
    assertThat(caller.get("/sessions").code()).isEqualTo("token-invalid");
    return answers;
  }

  private static List<Answer> untilRefused(Person person, String first, AtomicBoolean over) {
    List<Answer> answers = new ArrayList<>();
    var token = first;
    while (answers.size() < AT_MOST) {
      boolean late = over.get();
      var answer = person.refresh(token);
      answers.add(answer);
      if (answer.status() != 200) {
        return answers;
      }
      assertThat(late).as("a refresh after the end").isFalse();
      token = answer.text("refresh_token");
    }
    return answers;
  }

  private static long counter(String token) {
    return RefreshToken.read(token).orElseThrow().counter();
  }

  private static boolean isOfEpoch(Answer answer, int epoch) {
    var claims = answer.text("access_token").split("\\.", -1)[1];
    var text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
    return text.matches(".*\"ue\":" + epoch + "[,}].*");
  }
}
