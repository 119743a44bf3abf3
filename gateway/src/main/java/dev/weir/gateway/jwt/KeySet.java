package dev.weir.gateway.jwt;

import java.util.Map;

/**
 * The keys of an issuer at one time. Not a record: its identity stands for "nothing has changed" in
 * the caches.
 */
final class KeySet {
  static final KeySet EMPTY = new KeySet(Map.of());

  private final Map<String, VerificationKey> keys;

  KeySet(Map<String, VerificationKey> keys) {
    this.keys = Map.copyOf(keys);
  }

  /** Returns the keys by id. */
  Map<String, VerificationKey> keys() {
    return keys;
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  boolean isSameAs(KeySet other) {
    return keys.size() == other.keys.size() && keys.values().stream().allMatch(other::holds);
  }

  private boolean holds(VerificationKey key) {
    VerificationKey twin = keys.get(key.id());
    return twin != null && twin.isSameAs(key);
  }
}
