package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.session.Origin;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lets changes of an account meet logins, and each other. */
class SettingsRaceIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  @Tag("R8")
  void leavesNoSessionToADisabledAccount() {
    Race.of("R8", "6 logins beside the disabling of their account", 5)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var administration = system.context().getBean(Administration.class);
              var email = new EmailAddress(person.email());
              var id = administration.find(email).blockOptional().orElseThrow().account().id();
              var nowhere = new Origin("127.0.0.1", "-");
              var disabling =
                  CompletableFuture.runAsync(() -> administration.disable(id, nowhere).block());
              var logins = Together.call(6, _ -> person.login());
              disabling.join();
              outcomes.add(logins);
              logins.forEach(login -> assertGone(person, login));
              assertThat(person.login().code()).isEqualTo("invalid-credentials");
            });
  }

  /** Whoever got in with the old password is out when the change is done. */
  @Test
  @Tag("R9")
  void leavesNoSessionToTheOldPassword() {
    Race.of("R9", "6 logins with the old password beside its change", 5)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var me = person.loggedIn();
              var other = "five lazy dogs sat down";
              var change = Map.of("current_password", person.password(), "new_password", other);
              var logins = IntStream.range(0, 6).<Supplier<Answer>>mapToObj(_ -> person::login);
              Stream<Supplier<Answer>> changing =
                  Stream.of(() -> me.post("/password/change", change));
              var answers = Together.call(Stream.concat(changing, logins).toList());
              assertThat(answers.getFirst().status()).isEqualTo(200);
              var raced = answers.subList(1, 7);
              outcomes.add(raced);
              raced.forEach(login -> assertGone(person, login));
              assertThat(person.login().code()).isEqualTo("invalid-credentials");
            });
  }

  @Test
  @Tag("R11")
  void letsOneOfTwoEditorsWriteAndTellsTheOtherWhatIsThere() {
    Race.of("R11", "2 updates on the ground of one version", 5)
        .run(
            outcomes -> {
              var me = Person.registered(system.client()).loggedIn().with("If-Match", "\"v1\"");
              var names = List.of("one", "two");
              var answers =
                  Together.call(
                      2, i -> me.patch("/users/me", Map.of("display_name", names.get(i))));
              outcomes.add(answers);
              assertThat(answers.stream().map(Answer::status)).containsExactlyInAnyOrder(200, 412);
              var winner = answers.stream().filter(a -> a.status() == 200).findFirst();
              var loser = answers.stream().filter(a -> a.status() == 412).findFirst();
              assertThat(loser.orElseThrow().json().at("/current/display_name").asString())
                  .isEqualTo(winner.orElseThrow().text("display_name"));
            });
  }

  @Test
  @Tag("R14")
  void resetsOncePerCode() {
    Race.of("R14", "4 resets with one mailed code", 3)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              person.client().post("/password/forgot", Map.of("email", person.email()));
              var code = system.smtp().code(person.email(), "Reset your password");
              var answers = Together.call(4, i -> reset(person, code, i));
              outcomes.add(answers);
              assertThat(answers.stream().filter(a -> a.status() == 204)).hasSize(1);
              assertThat(answers.stream().filter(a -> a.code().equals("reset-invalid"))).hasSize(3);
            });
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

  private static Answer reset(Person person, String code, int number) {
    var body = Map.of("code", code, "password", "nine green birds flew " + number);
    return person.client().post("/password/reset", body);
  }

  private static void assertGone(Person person, Answer login) {
    if (login.status() == 200) {
      assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
    } else {
      assertThat(login.code()).isEqualTo("invalid-credentials");
    }
  }
}
