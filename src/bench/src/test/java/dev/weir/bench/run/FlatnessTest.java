package dev.weir.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlatnessTest {
  private final Flatness flatness = new Flatness();

  @Test
  void isReachedByTwoSmallChangesInARow() {
    add(100, 99);
    assertThat(flatness.isReached()).isFalse();
    add(101);
    assertThat(flatness.isReached()).isTrue();
  }

  @Test
  void beginsAnewAfterALargeChange() {
    add(100, 99, 80, 79);
    assertThat(flatness.isReached()).isFalse();
    add(78);
    assertThat(flatness.isReached()).isTrue();
  }

  @Test
  void isNotReachedWhileAJitWorks() {
    flatness.add(100, 0.3);
    flatness.add(100, 0.3);
    flatness.add(100, 0.3);
    assertThat(flatness.isReached()).isFalse();
    add(100, 100);
    assertThat(flatness.isReached()).isTrue();
  }

  private void add(double... values) {
    for (double value : values) {
      flatness.add(value, 0);
    }
  }
}
