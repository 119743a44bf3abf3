package dev.weir.auth.outbox;

import java.util.List;
import java.util.Locale;

/** Names a kind of side effect; one that leads to another comes before it. */
public enum Topic {
  REVOCATION,
  RECOVERY,
  MAIL;

  static List<Topic> inOrder() {
    return List.of(values());
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
