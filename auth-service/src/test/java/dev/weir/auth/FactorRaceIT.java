package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.Race.Outcomes;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A code or a passkey lets one of many in, whatever challenges they come with. */
class FactorRaceIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  @Tag("R12")
  void takesACodeOfAnAuthenticatorOnceHoweverManyTryItTogether() {
    Race.of("R12", "one code of an authenticator at 4 challenges", 3)
        .run(
            outcomes -> {
              var guarded = Guarded.person(system);
              tryTogether(guarded, guarded.freshCode(), outcomes);
            });
  }

  @Test
  @Tag("R13")
  void takesARecoveryCodeOnceHoweverManyTryItTogether() {
    Race.of("R13", "one recovery code at 4 challenges", 3)
        .run(
            outcomes -> {
              var guarded = Guarded.person(system);
              tryTogether(guarded, guarded.codes().getFirst(), outcomes);
            });
  }

  /** Each finds a try left, so it is the use of the challenge that decides. */
  @Test
  @Tag("R12")
  void meetsAChallengeOnceHoweverOftenAPasskeysAnswerComesTogether() {
    Race.of("R12", "one answer of a passkey to one challenge, 4 times", 3)
        .run(
            outcomes -> {
              var holder = Keyholder.registered(system.client());
              var challenge = holder.owed();
              var options = holder.options(challenge).json();
              var answers =
                  Together.call(4, _ -> holder.verify(challenge, holder.passkey(), options));
              outcomes.add(answers);
              assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
              assertThat(answers)
                  .filteredOn(answer -> answer.code().equals("challenge-expired"))
                  .hasSize(3);
            });
  }

  @Test
  @Tag("R12")
  void meetsAChallengeOnceByACodeAndAPasskeyTogether() {
    Race.of("R12", "a code and a passkey at one challenge", 3)
        .run(
            outcomes -> {
              var guarded = Guarded.person(system);
              var holder = Keyholder.adding(guarded.person(), guarded.loggedIn());
              var challenge = holder.owed();
              var options = holder.options(challenge).json();
              var code = guarded.freshCode();
              var answers =
                  Together.call(
                      List.<Supplier<Answer>>of(
                          () -> guarded.verify(challenge, code),
                          () -> holder.verify(challenge, holder.passkey(), options)));
              outcomes.add(answers);
              assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
              assertThat(answers)
                  .filteredOn(answer -> answer.code().equals("challenge-expired"))
                  .hasSize(1);
            });
  }

  private static void tryTogether(Guarded guarded, String code, Outcomes outcomes) {
    var challenges = Together.call(4, _ -> guarded.person().login().text("challenge_id"));
    var answers = Together.call(4, i -> guarded.verify(challenges.get(i), code));
    outcomes.add(answers);
    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.code().equals("mfa-invalid")).hasSize(3);
  }
}
