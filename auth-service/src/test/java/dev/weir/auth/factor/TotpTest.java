package dev.weir.auth.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

  /** The vectors of RFC 6238 appendix B, their last six digits. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void showsTheCodesOfTheStandard(long second, String code) {
    assertThat(Totp.code(SECRET, second / 30)).isEqualTo(code);
  }

  @Test
  void takesACodeOfTheStepBeforeAndAfterAndNoFurther() {
    var now = Instant.ofEpochSecond(30_000);
    for (long step = 998; step <= 1002; step++) {
      var expected = Math.abs(step - 1000) <= 1 ? OptionalLong.of(step) : OptionalLong.empty();
      assertThat(Totp.step(SECRET, Totp.code(SECRET, step), now, 0)).isEqualTo(expected);
    }
  }

  @Test
  void takesNoCodeOfAUsedStepOrBefore() {
    var now = Instant.ofEpochSecond(30_000);
    assertThat(Totp.step(SECRET, Totp.code(SECRET, 1000), now, 1000)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.code(SECRET, 999), now, 1000)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.code(SECRET, 1001), now, 1000)).hasValue(1001);
    assertThat(Totp.step(SECRET, "", now, 0)).isEmpty();
  }

  /** The vectors of RFC 4648 section 10, without padding. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void writesBase32(String text, String encoded) {
    assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
  }

  @Test
  void feedsAnAuthenticatorWithTheSecretItWrites() {
    var authenticator = new Authenticator(Base32.encode(SECRET), Instant::now);
    assertThat(authenticator.bytes()).isEqualTo(SECRET);
  }
}
