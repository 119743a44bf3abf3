package dev.weir.auth.key;

import java.util.Locale;

/** The life of a key: published ahead, in use, still accepted, and gone. */
enum KeyState {
  NEXT,
  ACTIVE,
  RETIRING,
  RETIRED;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
