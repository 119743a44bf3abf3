package dev.weir.auth.key;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a rotation does next. A signing key is published for twice the cache life of the key
 * set before it signs, and stays published until the last token that it signed has expired
 * everywhere, so that no verifier ever meets a key id that it cannot look up.
 */
final class KeyRotation {
  /** Twice the max-age of the key set: every cache has then seen the new key at least once. */
  static final Duration AHEAD = Duration.ofMinutes(10);

  /** Access token life (300 s) and accepted clock skew, rounded up. */
  static final Duration LINGER = Duration.ofMinutes(10);

  static final Duration PERIOD = Duration.ofDays(30);

  private KeyRotation() {}

  /**
   * Returns what is due now; a use without any active key gets one at once, because nothing can
   * work without it.
   */
  static List<KeyChange> due(List<StoredKey> keys, Instant now) {
    var changes = new ArrayList<KeyChange>();
    for (var use : KeyUse.values()) {
      if (first(keys, use, KeyState.ACTIVE).isEmpty()) {
        changes.add(new KeyChange.Create(use, KeyState.ACTIVE));
      }
    }
    changes.addAll(dueForSigning(keys, now, PERIOD));
    return changes;
  }

  /**
   * Returns what an operator's call to rotate now asks for: the next key takes over if it is known
   * everywhere.
   */
  static List<KeyChange> forced(List<StoredKey> keys, Instant now) {
    return dueForSigning(keys, now, Duration.ZERO);
  }

  private static List<KeyChange> dueForSigning(List<StoredKey> keys, Instant now, Duration period) {
    var changes = new ArrayList<KeyChange>();
    keys.stream()
        .filter(key -> key.use() == KeyUse.SIGN && key.state() == KeyState.RETIRING)
        .filter(key -> isOlder(key, LINGER, now))
        .forEach(key -> changes.add(new KeyChange.Move(key.kid(), KeyState.RETIRED)));
    var active = first(keys, KeyUse.SIGN, KeyState.ACTIVE);
    var next = first(keys, KeyUse.SIGN, KeyState.NEXT);
    if (active.isEmpty()) {
      return changes;
    }
    if (next.isEmpty()) {
      changes.add(new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
    } else if (isOlder(active.get(), period, now) && isOlder(next.get(), AHEAD, now)) {
      changes.add(new KeyChange.Move(active.get().kid(), KeyState.RETIRING));
      changes.add(new KeyChange.Move(next.get().kid(), KeyState.ACTIVE));
      changes.add(new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
    }
    return changes;
  }

  private static Optional<StoredKey> first(List<StoredKey> keys, KeyUse use, KeyState state) {
    return keys.stream().filter(key -> key.use() == use && key.state() == state).findFirst();
  }

  private static boolean isOlder(StoredKey key, Duration age, Instant now) {
    return !key.stateSince().plus(age).isAfter(now);
  }
}
