package dev.weir.auth.token;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a service may do with a token that it was sent. */
public enum ClientRight {
  INTROSPECT,
  REVOKE;

  static Optional<ClientRight> of(String word) {
    return Arrays.stream(values()).filter(right -> right.word().equals(word)).findFirst();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
