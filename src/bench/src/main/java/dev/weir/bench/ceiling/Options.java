package dev.weir.bench.ceiling;

import dev.weir.bench.run.UsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person asked for.
 *
 * @param perSecond the limit of one caller
 * @param burst what a caller's bucket holds
 * @param offered requests per second of all callers, at all gateways
 * @param warmUp how long a caller that is not judged keeps the gateways busy before
 * @param kills whether gateways are killed and started again at random
 */
record Options(
    long perSecond,
    long burst,
    Duration length,
    int gateways,
    int callers,
    long offered,
    Duration warmUp,
    boolean kills,
    long seed) {
  static final String USAGE =
      """
      usage: ./weir drill shared-limit [--rate N] [--burst N] [--seconds N | --minutes N]
                                       [--gateways N] [--callers N] [--offered N] [--warm-up N]
                                       [--kill] [--seed N]

        --rate      requests a second that one caller may make (1000)
        --burst     what its bucket holds (as many)
        --seconds   how long the load lasts, 5 to 3600 (60)
        --minutes   the same in minutes, 1 to 60
        --gateways  processes that share the limit, 1 to 9 (3)
        --callers   callers, each with the limit to itself, 1 to 256 (1)
        --offered   requests a second of all callers (three times what they may)
        --warm-up   seconds before, for a caller that is not judged, 0 to 120 (15)
        --kill      kill a gateway with SIGKILL and start it again, at random times
        --seed      of those times (a new one, printed)\
      """;

  private record Range(long least, long most) {}

  private static final Map<String, Range> RANGES =
      Map.of(
          "--rate", new Range(1, 100_000),
          "--burst", new Range(1, 1_000_000),
          "--seconds", new Range(5, 3600),
          "--minutes", new Range(1, 60),
          "--gateways", new Range(1, 9),
          "--callers", new Range(1, 256),
          "--offered", new Range(1, 50_000),
          "--warm-up", new Range(0, 120),
          "--seed", new Range(Long.MIN_VALUE, Long.MAX_VALUE));

  static Options parse(List<String> arguments, long freshSeed) throws UsageException {
    var left = new ArrayList<>(arguments);
    boolean kills = left.remove("--kill");
    var given = new HashMap<String, Long>();
    for (int i = 0; i < left.size(); i += 2) {
      if (i + 1 == left.size()) {
        throw new UsageException("%s needs a value, or is unknown".formatted(left.get(i)));
      }
      given.put(left.get(i), number(left.get(i), left.get(i + 1)));
    }
    long rate = given.getOrDefault("--rate", 1000L);
    long callers = given.getOrDefault("--callers", 1L);
    return new Options(
        rate,
        given.getOrDefault("--burst", rate),
        length(given),
        given.getOrDefault("--gateways", 3L).intValue(),
        (int) callers,
        given.getOrDefault("--offered", 3 * rate * callers),
        Duration.ofSeconds(given.getOrDefault("--warm-up", 15L)),
        kills,
        given.getOrDefault("--seed", freshSeed));
  }

  private static Duration length(Map<String, Long> given) {
    var minutes = given.get("--minutes");
    return minutes == null
        ? Duration.ofSeconds(given.getOrDefault("--seconds", 60L))
        : Duration.ofMinutes(minutes);
  }

  private static long number(String name, String value) throws UsageException {
    var range = RANGES.get(name);
    if (range == null) {
      throw new UsageException("unknown option " + name);
    }
    try {
      long number = Long.parseLong(value);
      if (number >= range.least() && number <= range.most()) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below.
    }
    throw new UsageException(
        "%s takes %d to %d, not %s".formatted(name, range.least(), range.most(), value));
  }

  /** The limits of all callers together. */
  long limit() {
    return perSecond * callers;
  }

  Bucket bucket() {
    return new Bucket(perSecond, burst);
  }
}
