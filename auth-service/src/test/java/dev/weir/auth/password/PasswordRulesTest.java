package dev.weir.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class PasswordRulesTest {
  private final PasswordRules rules =
      new PasswordRules(Set.of("Acme", "Roadrunner"), LeakedPasswords.UNKNOWN);

  @ParameterizedTest
  @CsvSource({
    "fourteen chars, TOO_SHORT",
    "passwordpassword, COMMON",
    "Password1234567890, COMMON",
    "123456789987654321, COMMON",
    "qwertyqwertyqwerty, COMMON",
    "abababababababab, REPETITIVE",
    "9876543210987654, REPETITIVE",
    "the weir is a fine wall, CONTEXT",
    "xx-mary.smith-xx-7, CONTEXT",
    "ACME has the best anvils, CONTEXT",
    "theroadrunnersaysbeep, CONTEXT"
  })
  void refusesWhatAnyoneWouldTryFirst(String password, WeakPassword expected) {
    assertThat(rules.weakness(password, "mary.smith")).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seven brown horses",
        "correct horse battery staple",
        "a weird day in may",
        "an acmesthetic cabinet",
        "пароль из четырёх слов",
        "               x               "
      })
  void acceptsLongOnesOfAnyScriptWithoutRulesOfComposition(String password) {
    assertThat(rules.weakness(password, "mary.smith")).isEmpty();
  }

  @Test
  void countsCodePoints() {
    assertThat(rules.weakness("🐎🐄🐑🐖🐓🐕🐈🐇🐁🐂🐃🐅🐆🐊", "x"))
        .contains(WeakPassword.TOO_SHORT);
    var long128 =
        "seven brown 🐎 "
            .repeat(10)
            .codePoints()
            .limit(128)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    assertThat(rules.weakness(long128, "x")).isEmpty();
    assertThat(rules.weakness(long128 + "y", "x")).contains(WeakPassword.TOO_LONG);
  }

  @Test
  void saysThatAPasswordHasLeaked() {
    var asking = new PasswordRules(Set.of(), password -> Mono.just(password.startsWith("leaked")));
    assertThatThrownBy(() -> asking.requireUnleaked("leaked long ago", "new_password").block())
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.problem().error()).isEqualTo(AuthError.WEAK_PASSWORD);
              assertThat(refused.problem().detail()).contains("come out in a theft elsewhere");
            });
    assertThat(asking.requireUnleaked("seven brown horses", "new_password").blockOptional())
        .isEmpty();
  }

  @Test
  void shipsMoreThanTheThreeThousandCommonest() {
    assertThat(Blocklist.load().size()).isGreaterThan(3_000);
  }
}
