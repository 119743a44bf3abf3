package dev.weir.auth.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which keys have had their time, as the chain itself shows. Where keys are stored, their states
 * are the database owner's to write; in the chain nobody puts a successor's link without the
 * successor.
 *
 * @param current the newest key, or nothing before the first link
 * @param succeeded the others, and the time of the first event that was linked under a successor,
 *     or what the anchor says of it
 */
record KeySuccession(String current, Map<String, Instant> succeeded) {
  static final KeySuccession NONE = new KeySuccession("", Map.of());

  private static final Duration OVERLAP = SucceededKeys.OVERLAP;

  KeySuccession {
    succeeded = Map.copyOf(succeeded);
  }

  KeySuccession and(String key, Instant at) {
    if (key.equals(current) || succeeded.containsKey(key)) {
      return this;
    }
    if (current.isEmpty()) {
      return new KeySuccession(key, succeeded);
    }
    var more = new HashMap<>(succeeded);
    more.put(current, at);
    return new KeySuccession(key, more);
  }

  /** Tells whether a next link under this key, of an event of then, is somebody else's. */
  boolean refusesLink(String key, Instant at) {
    return began(key)
        .filter(began -> Duration.between(began, at).abs().compareTo(OVERLAP) > 0)
        .isPresent();
  }

  /** Tells it of an event, the digest of which is as old as itself, whenever it is linked. */
  boolean refusesEvent(String key, Instant at) {
    return began(key).filter(began -> at.isAfter(began.plus(OVERLAP))).isPresent();
  }

  private Optional<Instant> began(String key) {
    return Optional.ofNullable(succeeded.get(key));
  }
}
