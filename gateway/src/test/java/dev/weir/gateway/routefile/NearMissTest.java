package dev.weir.gateway.routefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
  private static final List<String> KNOWN =
      List.of("upstream", "strip-prefix", "id", "deadline", "retry");

  @ParameterizedTest
  @CsvSource({
    "upstrem, upstream",
    "upsteram, upstream",
    "Upstream, upstream",
    "stripPrefix, strip-prefix",
    "strip_prefix, strip-prefix",
    "dedline, deadline",
    "retrys, retry",
    "di, id",
    "x, ''",
    "backend, ''",
    "'', ''",
  })
  void guessesTheNearestKnownWord(String written, String meant) {
    assertThat(NearMiss.of(written, KNOWN).orElse("")).isEqualTo(meant);
  }
}
