package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {

  @Test
  void knowsNothingBeforeThereIsEnough() {
    LatencyWindow window = new LatencyWindow(95);
    LongStream.range(0, 63).forEach(window::note);
    assertThat(window.threshold()).isEqualTo(LatencyWindow.UNKNOWN);

    window.note(63);
    // Of 0 to 63 the 61st.
    assertThat(window.threshold()).isEqualTo(60);
  }

  @Test
  void goesByTheLatestOnly() {
    LatencyWindow window = new LatencyWindow(50);
    LongStream.range(0, 1_000).forEach(window::note);
    LongStream.range(0, 256).map(i -> 5_000 + i).forEach(window::note);
    assertThat(window.threshold()).isBetween(5_000L, 5_127L);
  }
}
