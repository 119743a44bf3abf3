package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Set;

/**
 * When a failed attempt is made again, at another endpoint where there is one.
 *
 * @param attempts all attempts, the first included, 1 to 5
 * @param on what counts as worth another attempt
 * @param backOff bound of the first wait, which is random; it doubles with each further one
 * @param idempotencyKey whether a request that has an Idempotency-Key may be sent twice, whatever
 *     its method
 * @param bodyBytes bodies of at most this declared length are kept, to be sent again
 */
public record RetryPolicy(
    int attempts, Set<Cause> on, Duration backOff, boolean idempotencyKey, int bodyBytes) {

  /** The first wait where nothing is written. */
  public static final Duration BACK_OFF = Duration.ofMillis(25);

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

  /** Makes a policy for requests whose method allows it and that have no body. */
  public RetryPolicy(int attempts, Set<Cause> on) {
    this(attempts, on, BACK_OFF, false, 0);
  }
}
