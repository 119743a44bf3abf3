package dev.weir.auth.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.session.RefreshRule.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshRuleTest {
  private static final Instant ROTATED = Instant.parse("2026-11-22T10:00:00Z");
  private static final Optional<String> HOME = Optional.of("home");

  @ParameterizedTest
  @CsvSource({
    "5, 0, ROTATE",
    "4, 0, REPEAT_CONCURRENT",
    "4, 10, REPEAT_CONCURRENT",
    "4, 11, REUSED",
    "3, 0, REUSED",
    "6, 0, FORGED"
  })
  void decidesByCounterAndAgeForASessionWithoutDevice(
      long presented, long seconds, Decision expected) {
    assertThat(decide(session(Optional.empty()), presented, Optional.empty(), seconds))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "home, 0, REPEAT_CONCURRENT",
    "home, 11, REPEAT_LOST",
    "other, 0, REUSED",
    "other, 11, REUSED"
  })
  void repeatsToTheSessionsOwnDeviceOnly(String device, long seconds, Decision expected) {
    assertThat(decide(session(HOME), 4, Optional.of(device), seconds)).isEqualTo(expected);
    assertThat(decide(session(HOME), 4, Optional.empty(), seconds)).isEqualTo(Decision.REUSED);
  }

  @Test
  void endsWithItsLifetimeWhateverIsPresented() {
    long idle = Duration.ofDays(14).toSeconds();
    assertThat(decide(session(HOME), 5, HOME, idle - 1)).isEqualTo(Decision.ROTATE);
    assertThat(decide(session(HOME), 5, HOME, idle)).isEqualTo(Decision.ENDED);
    assertThat(decide(session(HOME), 3, HOME, idle)).isEqualTo(Decision.ENDED);
  }

  private static Decision decide(
      Session session, long presented, Optional<String> device, long secondsLater) {
    return RefreshRule.decide(session, presented, device, ROTATED.plusSeconds(secondsLater));
  }

  private static Session session(Optional<String> device) {
    return new Session(
        new UUID(1, 2),
        new UUID(3, 4),
        true,
        5,
        new byte[32],
        Optional.of(ROTATED),
        new Session.Lifetime(
            ROTATED, ROTATED, ROTATED.plus(Duration.ofDays(14)), ROTATED.plus(Duration.ofDays(30))),
        new Session.Proof("urn:x:aal1", List.of("pwd"), ROTATED),
        new Session.Client(ClientKind.BROWSER, false, device, Optional.empty(), "-", "127.0.0.1"));
  }
}
