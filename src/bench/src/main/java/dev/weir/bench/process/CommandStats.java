package dev.weir.bench.process;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How often Redis executed each command.
 *
 * <p>Redis counts what a script calls inside like a command of its own, so where scripts ran, they
 * alone are calls of the contender.
 */
public record CommandStats(Map<String, Long> calls) {
  private static final String PREFIX = "cmdstat_";
  private static final String CALLS = "calls=";
  private static final Set<String> SCRIPTS = Set.of("eval", "evalsha", "fcall");
  // Ours, and what clients do once per connection.
  private static final Set<String> HOUSEKEEPING =
      Set.of("info", "hello", "client", "ping", "command", "select", "auth", "script", "subscribe");

  public CommandStats {
    calls = Map.copyOf(calls);
  }

  static CommandStats parse(String info) {
    return new CommandStats(
        info.lines()
            .filter(line -> line.startsWith(PREFIX))
            .collect(Collectors.toMap(CommandStats::name, CommandStats::count, Long::sum)));
  }

  /** Calls over the network that came after the earlier look. */
  public long since(CommandStats earlier) {
    long scripts = 0;
    long others = 0;
    for (var entry : calls.entrySet()) {
      long delta = entry.getValue() - earlier.calls.getOrDefault(entry.getKey(), 0L);
      if (SCRIPTS.contains(entry.getKey())) {
        scripts += delta;
      } else if (!HOUSEKEEPING.contains(entry.getKey())) {
        others += delta;
      }
    }
    return scripts > 0 ? scripts : others;
  }

  private static String name(String line) {
    // Redis 7 writes subcommands as config|get.
    return line.substring(PREFIX.length(), line.indexOf(':')).split("\\|", -1)[0];
  }

  private static long count(String line) {
    int from = line.indexOf(CALLS) + CALLS.length();
    return Long.parseLong(line.substring(from, line.indexOf(',', from)));
  }
}
