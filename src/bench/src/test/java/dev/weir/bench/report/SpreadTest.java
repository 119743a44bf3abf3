package dev.weir.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void takesTheMiddleOfAnOddCount() {
    assertThat(Spread.of(DoubleStream.of(3, 1, 9))).contains(new Spread(3, 1, 9));
  }

  @Test
  void takesTheMeanOfTheTwoInTheMiddle() {
    assertThat(Spread.of(DoubleStream.of(4, 1, 2, 100))).contains(new Spread(3, 1, 100));
  }

  @Test
  void isEmptyWithoutValues() {
    assertThat(Spread.of(DoubleStream.empty())).isEmpty();
  }

  @Test
  void comparesRoundByRound() {
    // The machine was twice as slow in the second round; the ratio does not notice.
    double[] ours = {10, 20, 12};
    double[] theirs = {20, 40, 20};

    assertThat(Spread.ofRatios(ours, theirs)).contains(new Spread(0.5, 0.5, 0.6));
  }

  @Test
  void leavesOutRoundsThatLackOneOfTheTwo() {
    double[] ours = {10, Double.NaN, 30};
    double[] theirs = {20, 40, Double.NaN};

    assertThat(Spread.ofRatios(ours, theirs)).contains(new Spread(0.5, 0.5, 0.5));
    assertThatThrownBy(() -> Spread.ofRatios(ours, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsItsRangeWhereThereIsOne() {
    assertThat(new Spread(2, 1, 3).text("%.1f")).isEqualTo("2.0 (1.0-3.0)");
    assertThat(new Spread(2, 2, 2).text("%.1f")).isEqualTo("2.0");
  }
}
