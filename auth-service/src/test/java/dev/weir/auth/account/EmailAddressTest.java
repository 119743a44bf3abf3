package dev.weir.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mary@example.org",
        "MARY@Example.ORG",
        " mary@example.org\t",
        "mary@example.org.",
        "ｍａｒｙ@example.org",
        "mary@ｅxample.org",
        "mary@example。org"
      })
  void hasOneFormForAllSpellings(String text) {
    assertThat(EmailAddress.parse(text)).contains(new EmailAddress("mary@example.org"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mary",
        "@example.org",
        "mary@",
        "mary@localhost",
        "m ary@example.org",
        "mаry@example.org",
        "mary@exa_mple.org",
        "mary\u0000@example.org",
        "mary@example.org\nBcc: x@example.org",
        "a..b@example.org",
        ".a@example.org"
      })
  void refusesWhatIsNoneOrOnlyLooksLikeOne(String text) {
    assertThat(EmailAddress.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"o'neil+tag@sub.example.co", "mary@bücher.example"})
  void acceptsTheUncommon(String text) {
    assertThat(EmailAddress.parse(text)).isPresent();
  }
}
