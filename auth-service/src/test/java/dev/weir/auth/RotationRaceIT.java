package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.key.RotationJob;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.Race.Outcomes;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Turns the signing key over while people log in and show their tokens. */
class RotationRaceIT {
  private static final int PEOPLE = 8;

  private final TestSystem system = TestSystem.shared();
  private final RotationJob job = system.context().getBean(RotationJob.class);

  @Test
  @Tag("R18")
  void refusesNobodyWhileTheKeyTurnsOver() {
    job.rotateNow().block();
    Race.of("R18", "8 people log in and show their tokens while the key turns over", 2)
        .run(this::turnOver);
  }

  private void turnOver(Outcomes outcomes) {
    // By now every cache of the key set may know the key that is to sign.
    system.clock().advance(Duration.ofMinutes(10));
    var people = Stream.generate(() -> Person.registered(system.client())).limit(PEOPLE).toList();
    var before = Together.call(PEOPLE, i -> Token.of(people.get(i)));
    var turning = CompletableFuture.runAsync(() -> job.rotateNow().block());
    var during =
        Together.call(
            PEOPLE,
            i -> {
              assertThat(before.get(i).status()).isEqualTo(200);
              return Token.of(people.get(i));
            });
    turning.join();

    assertThat(Stream.concat(before.stream(), during.stream()).map(Token::status))
        .as("after")
        .allMatch(status -> status == 200);
    var old = before.getFirst().key();
    assertThat(Token.of(people.getFirst()).key()).isNotEqualTo(old);
    long unturned = during.stream().filter(token -> token.key().equals(old)).count();
    outcomes.add("answer to a token, none of them 401", 3L * PEOPLE);
    outcomes.add("login meanwhile, old key", unturned);
    outcomes.add("login meanwhile, new key", PEOPLE - unturned);
  }

  private record Token(Person person, String text) {
    static Token of(Person person) {
      return new Token(person, person.login().text("access_token"));
    }

    int status() {
      return person.client().bearer(text).get("/sessions").status();
    }

    /** The head of a token says which key signed it, and nothing else that differs. */
    String key() {
      return text.split("\\.", 2)[0];
    }
  }
}
