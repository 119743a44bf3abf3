package dev.weir.gateway.route;

import java.util.Set;

/**
 * When a failed attempt is made again, at another endpoint where there is one.
 *
 * @param attempts all attempts, the first included, 1 to 5
 * @param on what counts as worth another attempt
 */
public record RetryPolicy(int attempts, Set<Cause> on) {

  /** One attempt. */
  public static final RetryPolicy NEVER = new RetryPolicy(1, Set.of());

  /** What an attempt may fail of. */
  public enum Cause {
    CONNECT,
    RESET,
    STATUS_502,
    STATUS_503,
    STATUS_504
  }

  /** Copies the causes and checks the bound. */
  public RetryPolicy {
    on = Set.copyOf(on);
    if (attempts < 1 || attempts > 5) {
      throw new IllegalArgumentException("attempts must be 1 to 5: " + attempts);
    }
  }
}
