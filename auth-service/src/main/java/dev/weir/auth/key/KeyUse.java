package dev.weir.auth.key;

import java.util.Locale;

/** Says what a key is for; a key never serves two purposes. */
public enum KeyUse {
  SIGN,
  FIELD,
  PEPPER,
  CSRF,
  BLIND_INDEX,
  DEVICE,
  AUDIT;

  /**
   * Tells whether the next key of this use takes over once every instance knows it. A signing key
   * waits for its turn, and a blind-index key until everything is there under it.
   */
  boolean isSucceededAtOnce() {
    return this != SIGN && this != BLIND_INDEX;
  }

  /**
   * Tells whether a key was made for this use. A key is sealed together with its id and nothing
   * else, so the use that stands beside it in the table is whatever somebody wrote there; the id
   * begins with the one that it was made for.
   */
  boolean isOf(String kid) {
    return kid.charAt(0) == letter();
  }

  /** What ids of keys of this use begin with. */
  char letter() {
    return column().charAt(0);
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
