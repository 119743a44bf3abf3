package dev.weir.auth.outbox;

import java.util.Locale;

/** Names a kind of side effect. */
public enum Topic {
  MAIL,
  REVOCATION;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
