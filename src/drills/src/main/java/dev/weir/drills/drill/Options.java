package dev.weir.drills.drill;

import dev.weir.bench.run.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person asked for.
 *
 * @param picture where the picture goes
 * @param restarts of a rollout
 * @param contender who is drilled: weir, or a peer of the bench
 */
public record Options(Duration length, Path picture, int restarts, String contender) {
  private static final int SECONDS_LEAST = 5;
  private static final int SECONDS_MOST = 3600;
  private static final int RESTARTS_USUAL = 3;
  private static final int RESTARTS_MOST = 1000;
  static final List<String> CONTENDERS = List.of("weir", "stock-host", "nginx");

  /**
   * Reads what follows the name of a drill.
   *
   * @param usualSeconds where nothing is said
   */
  public static Options parse(String drill, int usualSeconds, List<String> arguments)
      throws UsageException {
    var given = pairs(arguments);
    int seconds = number(given, "--seconds", usualSeconds, SECONDS_MOST);
    if (given.containsKey("--minutes")) {
      seconds = 60 * number(given, "--minutes", 1, SECONDS_MOST / 60);
    }
    if (seconds < SECONDS_LEAST) {
      throw new UsageException("--seconds takes %d or more".formatted(SECONDS_LEAST));
    }
    var picture = given.getOrDefault("--out", ".weir/drills/" + drill + ".svg");
    var contender = given.getOrDefault("--contender", CONTENDERS.getFirst());
    if (!CONTENDERS.contains(contender)) {
      throw new UsageException("--contender is one of " + String.join(", ", CONTENDERS));
    }
    int restarts = number(given, "--restarts", RESTARTS_USUAL, RESTARTS_MOST);
    given.keySet().removeAll(List.of("--seconds", "--minutes", "--out", "--contender"));
    given.remove("--restarts");
    if (!given.isEmpty()) {
      throw new UsageException("unknown option " + given.keySet().iterator().next());
    }
    return new Options(Duration.ofSeconds(seconds), Path.of(picture), restarts, contender);
  }

  private static Map<String, String> pairs(List<String> arguments) throws UsageException {
    var left = new ArrayList<>(arguments);
    var given = new HashMap<String, String>();
    while (!left.isEmpty()) {
      var name = left.removeFirst();
      if (left.isEmpty()) {
        throw new UsageException(name + " needs a value, or is unknown");
      }
      given.put(name, left.removeFirst());
    }
    return given;
  }

  private static int number(Map<String, String> given, String name, int usual, int most)
      throws UsageException {
    var text = given.getOrDefault(name, Integer.toString(usual));
    if (text.matches("\\d{1,6}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new UsageException("%s takes 1 to %d, not %s".formatted(name, most, text));
  }
}
