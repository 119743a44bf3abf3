package dev.weir.auth.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Against figures by hand. */
class ComparisonTest {
  private static final double[] A = {1, 2, 3, 4, 5};
  private static final double[] B = {3, 4, 5, 6, 7};

  @Test
  void findsNothingBetweenEquals() {
    var same = new Comparison(A, A);
    assertThat(same.welch()).isZero();
    assertThat(same.mannWhitney()).isZero();
    assertThat(same.apart()).isZero();
  }

  @Test
  void tellsRowsApart() {
    var apart = new Comparison(A, B);
    assertThat(apart.welch()).isEqualTo(-2.0, within(1e-9));
    assertThat(apart.mannWhitney()).isEqualTo(-1.67115, within(1e-4));
    assertThat(apart.apart()).isEqualTo(2.0 / 3, within(1e-9));
  }
}
