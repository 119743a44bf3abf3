package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.Race.Outcomes;
import dev.weir.auth.testing.TestSystem;
import dev.weir.auth.testing.Together;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A code of either kind lets one of many in, whatever challenges they come with. */
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

  private static void tryTogether(Guarded guarded, String code, Outcomes outcomes) {
    var challenges = Together.call(4, _ -> guarded.person().login().text("challenge_id"));
    var answers = Together.call(4, i -> guarded.verify(challenges.get(i), code));
    outcomes.add(answers);
    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.code().equals("mfa-invalid")).hasSize(3);
  }
}
