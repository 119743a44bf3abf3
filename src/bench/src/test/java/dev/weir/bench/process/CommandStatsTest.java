package dev.weir.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandStatsTest {
  private static final String INFO =
      """
      # Commandstats\r
      cmdstat_evalsha:calls=10,usec=300,usec_per_call=30.00,rejected_calls=0,failed_calls=0\r
      cmdstat_config|get:calls=2,usec=3,usec_per_call=1.50\r
      cmdstat_info:calls=4,usec=3,usec_per_call=1.50\r
      """;

  @Test
  void readsWhatRedisPrints() {
    assertThat(CommandStats.parse(INFO).calls())
        .isEqualTo(Map.of("evalsha", 10L, "config", 2L, "info", 4L));
  }

  @Test
  void doesNotCountWhatAScriptDoesInside() {
    var before = new CommandStats(Map.of("evalsha", 10L, "hmget", 10L));
    var after = new CommandStats(Map.of("evalsha", 15L, "eval", 1L, "hmget", 16L, "time", 6L));

    assertThat(after.since(before)).isEqualTo(6);
  }

  @Test
  void countsPlainCommandsOfWhoHasNoScriptsButNotOurOwn() {
    var before = new CommandStats(Map.of("info", 1L, "evalsha", 10L));
    var after =
        new CommandStats(Map.of("info", 9L, "evalsha", 10L, "incr", 5L, "expire", 2L, "ping", 3L));

    assertThat(after.since(before)).isEqualTo(7);
  }
}
