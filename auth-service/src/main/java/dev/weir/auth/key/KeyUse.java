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

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
