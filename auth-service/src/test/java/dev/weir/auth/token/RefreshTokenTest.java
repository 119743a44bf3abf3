package dev.weir.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTokenTest {
  private static final UUID SESSION = UUID.fromString("6f1c2f3e-8a44-4c55-9d1e-0123456789ab");
  private static final byte[] KEY =
      "a session's own key of 32 bytes.".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE})
  void readsWhatItWrote(long counter) {
    var token = RefreshToken.read(RefreshToken.write(SESSION, counter, KEY)).orElseThrow();
    assertThat(token.sessionId()).isEqualTo(SESSION);
    assertThat(token.counter()).isEqualTo(counter);
    assertThat(token.isAuthentic(KEY)).isTrue();
    assertThat(token.isAuthentic(new byte[32])).isFalse();
  }

  @Test
  void writesTheSameTextForTheSameCounterAndAnotherForTheNext() {
    assertThat(RefreshToken.write(SESSION, 7, KEY))
        .isEqualTo(RefreshToken.write(SESSION, 7, KEY))
        .isNotEqualTo(RefreshToken.write(SESSION, 8, KEY));
  }

  @Test
  void readsNoTextThatDiffersInOneCharacter() {
    var text = RefreshToken.write(SESSION, 300, KEY);
    for (int i = 0; i < text.length(); i++) {
      var changed =
          text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
      assertThat(RefreshToken.read(changed)).as("position %s", i).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "====",
        "AAAA.BBBB",
        "not base64 !",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void readsNoOtherText(String text) {
    assertThat(RefreshToken.read(text)).isEmpty();
    assertThat(RefreshToken.read(RefreshToken.write(SESSION, 1, KEY) + text).isPresent())
        .isEqualTo(text.isEmpty());
  }
}
