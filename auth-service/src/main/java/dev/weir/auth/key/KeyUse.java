package dev.weir.auth.key;

import java.util.Locale;

/** Says what a key is for; a key never serves two purposes. */
public enum KeyUse {
  SIGN,
  FIELD,
  PEPPER,
  CSRF,
  BLIND_INDEX,
  DEVICE;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
