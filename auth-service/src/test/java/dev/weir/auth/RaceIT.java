package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lets many callers do the same thing at once. */
class RaceIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  @Tag("R1")
  void registersOneAddressOnceHoweverItIsSpelled() {
    Race.of("R1", "18 registrations of one address in six spellings", 5)
        .run(
            outcomes -> {
              var person = Person.stranger(system.client());
              var spellings = spellings(person.email());
              var answers =
                  Together.call(18, i -> person.withEmail(spellings.get(i % 6)).register());
              outcomes.add(answers);
              assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
              assertThat(answers).filteredOn(answer -> answer.status() == 409).hasSize(17);
              assertThat(person.login().status()).isEqualTo(200);
            });
  }

  @Test
  @Tag("R2")
  void carriesOutOneOfManyRequestsWithOneIdempotencyKey() {
    Race.of("R2", "8 registrations with one Idempotency-Key", 3)
        .run(
            outcomes -> {
              var person = Person.stranger(system.client());
              var key = "\"race-" + person.email() + "\"";
              var keyed = person.client().with("Idempotency-Key", key);
              var body = Map.of("email", person.email(), "password", person.password());
              var answers = Together.call(8, _ -> keyed.post("/register", body));
              var created = answers.stream().filter(answer -> answer.status() == 201).toList();
              var replayed =
                  created.stream().filter(a -> !a.header("Idempotency-Replayed").isEmpty());
              int replays = (int) replayed.count();
              outcomes.add("carried out", created.size() - replays);
              outcomes.add("replayed", replays);
              outcomes.add("409 in flight", answers.size() - created.size());
              assertThat(answers)
                  .allMatch(a -> a.status() == 201 || a.code().equals("idempotency-in-flight"));
              assertThat(created).hasSize(replays + 1);
            });
  }

  /** The ones that were let through are exactly the ones that were answered with 401. */
  @Test
  @Tag("R10")
  void hashesNoMoreWrongPasswordsThanTheLimitAllows() {
    Race.of("R10", "100 wrong passwords for one account, where 10 are allowed", 1)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              long before = hashes();
              var answers = Together.call(100, _ -> person.login("not it at all, no"));
              long hashed = hashes() - before;
              outcomes.add(answers);
              outcomes.add("hash", hashed);
              assertThat(answers).filteredOn(answer -> answer.status() == 401).hasSize(10);
              assertThat(answers).filteredOn(answer -> answer.status() == 429).hasSize(90);
              assertThat(hashed).isEqualTo(10);
            });
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

  private long hashes() {
    var meters = system.context().getBean(MeterRegistry.class);
    return meters.get("weir.auth.hash.duration").timer().count();
  }

  private static List<String> spellings(String email) {
    var local = email.substring(0, email.indexOf('@'));
    return List.of(
        email,
        email.toUpperCase(Locale.ROOT),
        email + ".",
        " " + email + " ",
        fullWidth(local) + "@example.org",
        local + "@EXAMPLE.org");
  }

  private static String fullWidth(String ascii) {
    var wide = new StringBuilder();
    ascii.chars().forEach(c -> wide.append((char) (c + 0xfee0)));
    return wide.toString();
  }
}
