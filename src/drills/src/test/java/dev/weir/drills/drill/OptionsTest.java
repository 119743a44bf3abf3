package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.bench.run.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void knowsWhatIsUsual() throws UsageException {
    var options = parse();
    assertThat(options.length()).isEqualTo(Duration.ofSeconds(30));
    assertThat(options.picture()).isEqualTo(Path.of(".weir/drills/redis-down.svg"));
    assertThat(options.contender()).isEqualTo("weir");
  }

  @Test
  void takesWhatIsAsked() throws UsageException {
    var options = parse("--minutes", "10", "--out", "a.svg", "--restarts", "100");
    assertThat(options.length()).isEqualTo(Duration.ofMinutes(10));
    assertThat(options.picture()).isEqualTo(Path.of("a.svg"));
    assertThat(options.restarts()).isEqualTo(100);
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    refuses("--loud", "yes");
    refuses("--seconds");
    refuses("--seconds", "4");
    refuses("--seconds", "1e3");
    refuses("--contender", "somebody");
  }

  @Test
  void everyDrillHasANameAndAnEndWithinAMinute() throws UsageException {
    for (var name :
        List.of(
            "redis-down",
            "redis-slow",
            "upstream-slow",
            "upstream-down",
            "upstream-flapping",
            "jwks-down",
            "postgres-down",
            "rollout",
            "overload",
            "clock-skew")) {
      assertThat(Drills.named(name).usualSeconds()).isLessThan(60);
    }
    assertThatThrownBy(() -> Drills.named("none")).isInstanceOf(UsageException.class);
  }

  private static Options parse(String... arguments) throws UsageException {
    return Options.parse("redis-down", 30, List.of(arguments));
  }

  private static void refuses(String... arguments) {
    assertThatThrownBy(() -> parse(arguments)).isInstanceOf(UsageException.class);
  }
}
