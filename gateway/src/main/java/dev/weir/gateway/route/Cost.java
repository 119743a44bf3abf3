package dev.weir.gateway.route;

import java.util.Map;
import java.util.Optional;

/**
 * How many tokens a request takes of a limit.
 *
 * @param usual of a method that is not named; 1 to 1,000,000
 * @param byMethod of the others
 * @param reportedIn the field of the upstream's answer that says what the request has cost, in
 *     lower case; what it says beyond the cost above is taken then
 */
public record Cost(int usual, Map<String, Integer> byMethod, Optional<String> reportedIn) {
  /** The dearest request. */
  public static final int MOST = 1_000_000;

  /** A token a request. */
  public static final Cost ONE = new Cost(1, Map.of());

  /** Checks the bounds and copies the map. */
  public Cost {
    byMethod = Map.copyOf(byMethod);
    boolean sound =
        isSound(usual) && byMethod.values().stream().allMatch(tokens -> isSound(tokens));
    if (!sound) {
      throw new IllegalArgumentException("a cost must be 1 to 1000000");
    }
  }

  /** A cost that is known beforehand. */
  public Cost(int usual, Map<String, Integer> byMethod) {
    this(usual, byMethod, Optional.empty());
  }

  /** Returns the same cost, but for the field in which the upstream reports it. */
  public Cost reportedIn(Optional<String> field) {
    return new Cost(usual, byMethod, field);
  }

  private static boolean isSound(int tokens) {
    return tokens >= 1 && tokens <= MOST;
  }

  /** Returns the tokens of the dearest request. */
  public int heaviest() {
    return byMethod.values().stream().reduce(usual, Math::max);
  }
}
