package dev.weir.auth.key;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what a rotation does next. A key is known for a while before it is used, to every cache
 * of the key set or to every instance of this service, so that nobody ever meets a key id that they
 * cannot look up. A signing key stays published until the last token that it signed has expired
 * everywhere, one of browsers' cookies until the last of these has; a key that things are stored
 * under stays until {@link Renewal} finds none of them.
 */
final class KeyRotation {
  /**
   * Before things are stored under a key, every instance has looked at the stored keys for long.
   */
  static final Duration AHEAD = Duration.ofMinutes(10);

  /** Access token life (300 s) and accepted clock skew, rounded up. */
  static final Duration LINGER = Duration.ofMinutes(10);

  static final Duration PERIOD = Duration.ofDays(30);

  /** Far from the 2^32 values that one key may seal under random nonces. */
  static final Duration FIELD_PERIOD = Duration.ofDays(365);

  /** No session, and so no token of its pages, lives longer. */
  private static final Duration CSRF_LIFE = Duration.ofDays(30);

  /** As long as the cookie itself. */
  private static final Duration DEVICE_LIFE = Duration.ofDays(180);

  /** Nobody writes under it minutes later; what was written names it, and is verified for good. */
  private static final Duration AUDIT_LIFE = Duration.ofDays(1);

  private KeyRotation() {}

  /**
   * Returns what is due now; a use without any active key gets one at once, because nothing can
   * work without it.
   */
  static List<KeyChange> due(List<StoredKey> keys, KeyPace pace, Instant now) {
    var changes = new ArrayList<KeyChange>();
    for (var use : KeyUse.values()) {
      if (first(keys, use, KeyState.ACTIVE).isEmpty()) {
        changes.add(new KeyChange.Create(use, KeyState.ACTIVE));
      }
    }
    for (var use : KeyUse.values()) {
      changes.addAll(outlived(keys, use, now));
    }
    changes.addAll(dueForSigning(keys, pace, now, PERIOD));
    for (var use : KeyUse.values()) {
      if (use.isSucceededAtOnce()) {
        changes.addAll(dueForSuccession(keys, use, now));
      }
    }
    return changes;
  }

  /** How long what was made under a key may be met; none where {@link Renewal} goes and looks. */
  private static Optional<Duration> life(KeyUse use) {
    return switch (use) {
      case SIGN -> Optional.of(LINGER);
      case CSRF -> Optional.of(CSRF_LIFE);
      case DEVICE -> Optional.of(DEVICE_LIFE);
      case AUDIT -> Optional.of(AUDIT_LIFE);
      case FIELD, PEPPER, BLIND_INDEX -> Optional.empty();
    };
  }

  private static List<KeyChange> outlived(List<StoredKey> keys, KeyUse use, Instant now) {
    var life = life(use);
    return keys.stream()
        .filter(key -> key.use() == use && key.state() == KeyState.RETIRING)
        .filter(key -> life.filter(span -> isOlder(key, span, now)).isPresent())
        .<KeyChange>map(key -> new KeyChange.Move(key.kid(), KeyState.RETIRED))
        .toList();
  }

  /**
   * Returns what an operator's call to rotate now asks for: the next signing key takes over if it
   * is known everywhere; any other gets a successor, which takes over by itself.
   */
  static List<KeyChange> forced(List<StoredKey> keys, KeyUse use, KeyPace pace, Instant now) {
    if (use == KeyUse.SIGN) {
      var changes = new ArrayList<>(outlived(keys, use, now));
      changes.addAll(dueForSigning(keys, pace, now, Duration.ZERO));
      return changes;
    }
    return first(keys, use, KeyState.NEXT).isPresent()
        ? List.of()
        : List.of(new KeyChange.Create(use, KeyState.NEXT));
  }

  /**
   * Returns what an operator's call to withdraw a key asks for: it is not waited for the end of
   * what was made under it. A key that signs or seals now has to be succeeded first, and one that
   * things are stored or proved under goes when nothing is.
   */
  static List<KeyChange> withdrawn(List<StoredKey> keys, String kid) {
    return keys.stream()
        .filter(key -> key.kid().equals(kid) && key.state() == KeyState.RETIRING)
        .filter(key -> isWithdrawable(key.use()))
        .<KeyChange>map(key -> new KeyChange.Move(kid, KeyState.RETIRED))
        .toList();
  }

  private static boolean isWithdrawable(KeyUse use) {
    return switch (use) {
      case SIGN, CSRF, DEVICE -> true;
      case FIELD, PEPPER, BLIND_INDEX, AUDIT -> false;
    };
  }

  private static List<KeyChange> dueForSuccession(List<StoredKey> keys, KeyUse use, Instant now) {
    var active = first(keys, use, KeyState.ACTIVE);
    var next = first(keys, use, KeyState.NEXT);
    if (active.isEmpty()) {
      return List.of();
    }
    if (next.isEmpty()) {
      return use == KeyUse.FIELD && isOlder(active.get(), FIELD_PERIOD, now)
          ? List.of(new KeyChange.Create(use, KeyState.NEXT))
          : List.of();
    }
    return promotion(keys, use, now.minus(AHEAD));
  }

  /** Returns what puts the next key of a use in the active one's place, if it was made before. */
  static List<KeyChange> promotion(List<StoredKey> keys, KeyUse use, Instant before) {
    var active = first(keys, use, KeyState.ACTIVE);
    var next = first(keys, use, KeyState.NEXT);
    return active.isPresent() && next.filter(key -> !key.stateSince().isAfter(before)).isPresent()
        ? List.of(
            new KeyChange.Move(active.get().kid(), KeyState.RETIRING),
            new KeyChange.Move(next.get().kid(), KeyState.ACTIVE))
        : List.of();
  }

  private static List<KeyChange> dueForSigning(
      List<StoredKey> keys, KeyPace pace, Instant now, Duration period) {
    var changes = new ArrayList<KeyChange>();
    var active = first(keys, KeyUse.SIGN, KeyState.ACTIVE);
    var next = first(keys, KeyUse.SIGN, KeyState.NEXT);
    if (active.isEmpty()) {
      return changes;
    }
    if (next.isEmpty()) {
      changes.add(new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
    } else if (isOlder(active.get(), period, now) && isOlder(next.get(), pace.ahead(), now)) {
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
