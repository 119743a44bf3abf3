package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.session.Origin;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Lets changes of an account meet logins, and each other. */
class SettingsRaceIT {
  private final TestSystem system = TestSystem.shared();

  /** R9: whoever got in with the old password is out when the change is done. */
  @RepeatedTest(5)
  void leavesNoSessionToTheOldPassword() {
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    var body =
        Map.of("current_password", person.password(), "new_password", "five lazy dogs sat down");
    var logins = IntStream.range(0, 6).mapToObj(_ -> (Supplier<Answer>) person::login);
    var answers =
        atOnce(Stream.concat(Stream.of(() -> me.post("/password/change", body)), logins).toList());

    assertThat(answers.getFirst().status()).isEqualTo(200);
    for (var login : answers.subList(1, 7)) {
      if (login.status() == 200) {
        assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
      } else {
        assertThat(login.code()).isEqualTo("invalid-credentials");
      }
    }
  }

  /** R8. */
  @RepeatedTest(5)
  void leavesNoSessionToADisabledAccount() {
    var person = Person.registered(system.client());
    var administration = system.context().getBean(Administration.class);
    var email = new EmailAddress(person.email());
    var id = administration.find(email).blockOptional().orElseThrow().account().id();
    var disabling =
        CompletableFuture.runAsync(
            () -> administration.disable(id, new Origin("127.0.0.1", "-")).block());
    var logins =
        atOnce(IntStream.range(0, 6).mapToObj(_ -> (Supplier<Answer>) person::login).toList());
    disabling.join();
    for (var login : logins) {
      assertThat(login.status()).isIn(200, 401);
      if (login.status() == 200) {
        assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
      }
    }
  }

  /** R11. */
  @RepeatedTest(5)
  void letsOneOfTwoEditorsWriteAndTellsTheOtherWhatIsThere() {
    var me = Person.registered(system.client()).loggedIn().with("If-Match", "\"v1\"");
    var answers =
        atOnce(
            List.of(
                () -> me.patch("/users/me", Map.of("display_name", "one")),
                () -> me.patch("/users/me", Map.of("display_name", "two"))));
    assertThat(answers.stream().map(Answer::status)).containsExactlyInAnyOrder(200, 412);
    var winner = answers.stream().filter(a -> a.status() == 200).findFirst().orElseThrow();
    var loser = answers.stream().filter(a -> a.status() == 412).findFirst().orElseThrow();
    assertThat(loser.json().path("current").path("display_name").asString())
        .isEqualTo(winner.text("display_name"));
  }

  /** R14. */
  @RepeatedTest(3)
  void resetsOncePerCode() {
    var person = Person.registered(system.client());
    person.client().post("/password/forgot", Map.of("email", person.email()));
    var code = system.smtp().code(person.email(), "Reset your password");
    var resets =
        IntStream.range(0, 4)
            .mapToObj(i -> Map.of("code", code, "password", "nine green birds flew " + i))
            .map(body -> (Supplier<Answer>) () -> person.client().post("/password/reset", body))
            .toList();
    var answers = atOnce(resets);
    assertThat(answers.stream().filter(a -> a.status() == 204)).hasSize(1);
    assertThat(answers.stream().filter(a -> a.code().equals("reset-invalid"))).hasSize(3);
  }

  /** The device cookie that a browser already has is given again, so that it lives on. */
  @Test
  void renewsTheDeviceCookieAtEachLogin() {
    var person = Person.registered(system.client());
    var device = person.loginInBrowser().cookie("__Host-dev");
    var home = person.client().with("Cookie", "__Host-dev=" + device);
    var again = new Person(home, person.email(), person.password()).loginInBrowser();
    assertThat(again.setCookie("__Host-dev")).contains(device, "Max-Age=15552000");
  }

  private static List<Answer> atOnce(List<Supplier<Answer>> calls) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return calls.stream()
          .map(call -> CompletableFuture.supplyAsync(call, threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }
}
