package dev.weir.bench.ceiling;

import dev.weir.bench.run.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a person asked for.
 *
 * @param load what the drill of one Redis has as well
 * @param onRedisLoss what the limits do while Redis is lost to a gateway
 * @param nodeTimeout after which the cluster gives a master up
 */
record ClusterOptions(Options load, String onRedisLoss, Duration nodeTimeout) {
  static final String USAGE =
      """
      usage: ./weir drill redis-cluster [--rate N] [--burst N] [--seconds N] [--gateways N] [--callers N]
                                        [--offered N] [--warm-up N] [--on-redis-loss closed|local|open]
                                        [--node-timeout MILLISECONDS]

        --rate           requests a second that one caller may make (100)
        --seconds        how long the load lasts (30); the master is killed after 40 % of it
        --on-redis-loss  what the limits do while Redis is lost to a gateway (closed)
        --node-timeout   after which the cluster gives a master up, 200 to 60000 (1000)
        the others are those of ./weir drill shared-limit\
      """;

  private static final String MODE = "--on-redis-loss";
  private static final String TIMEOUT = "--node-timeout";
  private static final Set<String> MODES = Set.of("closed", "local", "open");

  static ClusterOptions parse(List<String> arguments) throws UsageException {
    var left = new ArrayList<>(arguments);
    if (left.contains("--kill") || left.contains("--seed")) {
      throw new UsageException("it is a master of Redis that is killed, and only that");
    }
    var mode = take(left, MODE, "closed");
    if (!MODES.contains(mode)) {
      throw new UsageException("%s takes closed, local or open, not %s".formatted(MODE, mode));
    }
    var timeout = take(left, TIMEOUT, "1000");
    if (!timeout.matches("\\d{3,5}") || Long.parseLong(timeout) < 200) {
      throw new UsageException("%s takes 200 to 60000, not %s".formatted(TIMEOUT, timeout));
    }
    left.addAll(0, List.of("--rate", "100", "--seconds", "30"));
    return new ClusterOptions(
        Options.parse(left, 0), mode, Duration.ofMillis(Long.parseLong(timeout)));
  }

  private static String take(List<String> arguments, String name, String usual)
      throws UsageException {
    int at = arguments.indexOf(name);
    if (at < 0) {
      return usual;
    }
    if (at + 1 == arguments.size()) {
      throw new UsageException("%s needs a value".formatted(name));
    }
    arguments.remove(at);
    return arguments.remove(at);
  }
}
