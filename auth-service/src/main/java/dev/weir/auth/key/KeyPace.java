package dev.weir.auth.key;

import java.time.Duration;

/**
 * How long the next signing key is published before it signs, and what follows from that: for how
 * long the key set may be cached, and how often an instance looks at what others did. An instance
 * learns of the key within a quarter of the time, a cache of the key set within another half.
 */
public record KeyPace(Duration ahead) {
  /** Twice the max-age of the key set: every cache has then seen the new key at least once. */
  public static final KeyPace USUAL = new KeyPace(Duration.ofMinutes(10));

  private static final Duration LONGEST_AGE = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Returns for how long the key set may be cached. */
  public Duration maxAge() {
    return least(ahead.dividedBy(2), LONGEST_AGE);
  }

  /** Returns the time between two looks at the stored keys. */
  Duration pause() {
    return least(ahead.dividedBy(4), LONGEST_PAUSE);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
