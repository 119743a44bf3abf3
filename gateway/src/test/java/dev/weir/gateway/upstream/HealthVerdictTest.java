package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.route.HealthCheck;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which verdict a row of checks comes to, with three against and two for an endpoint. */
final class HealthVerdictTest {
  private static final HealthCheck POLICY =
      new HealthCheck("/", Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 2);

  /** In the row {@code +} is a check that passed. */
  @ParameterizedTest
  @CsvSource({
    "'', true",
    "--, true",
    "--+--, true",
    "---, false",
    "---+, false",
    "---+-+, false",
    "---++, true",
    "---++--, true",
    "---++---, false"
  })
  void changesItsMindAfterEnoughInARow(String row, boolean healthy) {
    HealthVerdict verdict = HealthVerdict.FIRST;
    for (int i = 0; i < row.length(); i++) {
      verdict = verdict.after(row.charAt(i) == '+', POLICY);
    }

    assertThat(verdict.healthy()).isEqualTo(healthy);
  }
}
