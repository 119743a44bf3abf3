package dev.weir.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.run.UsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterOptionsTest {
  @Test
  void hasDefaultsOfItsOwnBesideThoseOfTheOtherDrill() throws Exception {
    var options = ClusterOptions.parse(List.of());
    assertThat(options.onRedisLoss()).isEqualTo("closed");
    assertThat(options.nodeTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.load().perSecond()).isEqualTo(100);
    assertThat(options.load().length()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.load().gateways()).isEqualTo(3);
  }

  @Test
  void takesWhatIsGiven() throws Exception {
    var options =
        ClusterOptions.parse(
            List.of("--on-redis-loss", "local", "--rate", "7", "--node-timeout", "500"));
    assertThat(options.onRedisLoss()).isEqualTo("local");
    assertThat(options.nodeTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(options.load().perSecond()).isEqualTo(7);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    for (var arguments :
        List.of(
            List.of("--on-redis-loss", "shut"),
            List.of("--on-redis-loss"),
            List.of("--node-timeout", "1"),
            List.of("--kill"),
            List.of("--rates", "1"))) {
      assertThatThrownBy(() -> ClusterOptions.parse(arguments)).isInstanceOf(UsageException.class);
    }
  }

  @Test
  void seesByTheGaugeWhetherLimitsAreShared() {
    assertThat(Degraded.isUp("# HELP weir_redis_up x\nweir_redis_up 1.0\n")).isTrue();
    assertThat(Degraded.isUp("weir_redis_up 0.0\n")).isFalse();
  }
}
