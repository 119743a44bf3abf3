package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptFailure.Kind;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private static Outcome after(Kind kind, long tookNanos) {
    return Outcome.of(new AttemptFailure(kind, true, ""), tookNanos, 1_000);
  }

  /** Else a client that allows a millisecond would open breakers for all. */
  @Test
  void blamesNoEndpointThatWasGivenLittleTime() {
    assertThat(after(Kind.TIMEOUT, 499)).isEqualTo(Outcome.CUT_SHORT);
    assertThat(Outcome.CUT_SHORT.weight()).isEqualTo(Outcome.Weight.NONE);
    assertThat(after(Kind.TIMEOUT, 500)).isEqualTo(Outcome.TIMEOUT);
    assertThat(after(Kind.RESET, 1)).isEqualTo(Outcome.RESET);
  }
}
