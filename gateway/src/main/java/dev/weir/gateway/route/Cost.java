package dev.weir.gateway.route;

import java.util.Map;

/**
 * How many tokens a request takes of a limit.
 *
 * @param usual of a method that is not named; 1 to 1,000,000
 * @param byMethod of the others
 */
public record Cost(int usual, Map<String, Integer> byMethod) {
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

  private static boolean isSound(int tokens) {
    return tokens >= 1 && tokens <= MOST;
  }

  /** Returns the tokens of the dearest request. */
  public int heaviest() {
    return byMethod.values().stream().reduce(usual, Math::max);
  }
}
