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

  /** Tells whether values rest under keys of this use that name their key and can be renewed. */
  boolean isStoredUnder() {
    return this == FIELD || this == PEPPER;
  }

  /** Tells whether an operator may ask for another key of this use. */
  public boolean isRotated() {
    return this == SIGN || this == BLIND_INDEX || isStoredUnder();
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
