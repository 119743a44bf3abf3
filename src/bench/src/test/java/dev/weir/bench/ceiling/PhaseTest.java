package dev.weir.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.bench.run.UsageException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseTest {
  private static Options options(String... arguments) throws UsageException {
    return Options.parse(List.of(arguments), 1);
  }

  @Test
  void gatewaysGetUnequalSharesOfAllThatIsOffered() throws UsageException {
    var options = options();
    var phase = Phase.plan(options).getFirst();

    assertThat(phase.rate(options, 0)).isCloseTo(1800, within(0.01));
    assertThat(phase.rate(options, 1)).isCloseTo(900, within(0.01));
    assertThat(phase.rate(options, 2)).isCloseTo(300, within(0.01));
  }

  @Test
  void sharesAreTurnedAndAddUpWithAnyNumberOfGateways() throws UsageException {
    for (var gateways : List.of("1", "2", "3", "5")) {
      var options = options("--gateways", gateways);
      for (var phase : Phase.plan(options)) {
        double sum = 0;
        for (int i = 0; i < options.gateways(); i++) {
          sum += phase.rate(options, i);
        }
        assertThat(sum)
            .as("%s of %s", phase.name(), gateways)
            .isCloseTo(options.offered() * phase.load(), within(0.01));
      }
    }
    var three = options();
    assertThat(Phase.plan(three).get(1).rate(three, 2)).isCloseTo(1800, within(0.01));
  }

  @Test
  void aPlanIsAboveTheLimitThenPausesThenIsBelow() throws UsageException {
    var options = options();

    assertThat(Phase.plan(options))
        .extracting(phase -> phase.exceeds(options))
        .containsExactly(true, true, false, false, true);
    assertThat(Phase.plan(options))
        .extracting(phase -> phase.isBelow(options))
        .containsExactly(false, false, false, true, false);
  }
}
