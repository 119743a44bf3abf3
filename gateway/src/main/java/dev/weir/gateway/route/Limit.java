package dev.weir.gateway.route;

import java.time.Duration;

/**
 * A token bucket that all instances share: {@code tokens} flow in per {@code window}, at most
 * {@code burst} are held, a request takes one.
 *
 * @param name the name in the route file, in metrics and in RateLimit-Policy
 * @param tokens 1 to 1,000,000,000
 * @param window 1 ms to 31 days
 * @param burst capacity of the bucket, 1 to 1,000,000,000
 */
public record Limit(
    String name, Key key, long tokens, Duration window, long burst, OnRedisLoss onRedisLoss) {

  /** Whose requests share one bucket. */
  public enum Key {
    /** The client address; an IPv6 client by its /64. */
    ADDRESS,
    /** The verified subject. */
    CALLER,
    /** The verified token. */
    TOKEN,
    /** Everyone on the route. */
    ROUTE
  }

  /** What the limit does while Redis is away. */
  public enum OnRedisLoss {
    /** Lets every request pass, and counts it. */
    OPEN,
    /** Refuses every request with throttle-unavailable. */
    CLOSED,
    /** Keeps this instance's share of the limit in memory. */
    LOCAL
  }

  /** Checks the bounds. */
  public Limit {
    if (tokens < 1 || tokens > 1_000_000_000 || burst < 1 || burst > 1_000_000_000) {
      throw new IllegalArgumentException("tokens and burst must be 1 to 1000000000");
    }
    if (window.toMillis() < 1 || window.toDays() > 31) {
      throw new IllegalArgumentException("window must be 1 ms to 31 days: " + window);
    }
  }
}
