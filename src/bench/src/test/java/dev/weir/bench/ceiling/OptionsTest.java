package dev.weir.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.run.UsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void threeGatewaysAndThriceTheLimitUnlessToldOtherwise() throws UsageException {
    var options = Options.parse(List.of(), 7);

    assertThat(options.bucket()).isEqualTo(new Bucket(1000, 1000));
    assertThat(options.gateways()).isEqualTo(3);
    assertThat(options.offered()).isEqualTo(3000);
    assertThat(options.length()).isEqualTo(Duration.ofSeconds(60));
    assertThat(options.kills()).isFalse();
    assertThat(options.seed()).isEqualTo(7);
  }

  @Test
  void burstAndOfferedFollowTheRate() throws UsageException {
    var options =
        Options.parse(List.of("--rate", "100", "--kill", "--callers", "2", "--seed", "5"), 7);

    assertThat(options.bucket()).isEqualTo(new Bucket(100, 100));
    assertThat(options.offered()).isEqualTo(600);
    assertThat(options.kills()).isTrue();
    assertThat(options.seed()).isEqualTo(5);
  }

  @Test
  void saysWhatItDoesNotUnderstand() {
    for (var arguments :
        List.of(
            List.of("--rate"),
            List.of("--rate", "many"),
            List.of("--seconds", "4"),
            List.of("--what", "1"))) {
      assertThatThrownBy(() -> Options.parse(arguments, 1))
          .as("%s", arguments)
          .isInstanceOf(UsageException.class)
          .hasMessageContaining(arguments.getFirst());
    }
  }
}
