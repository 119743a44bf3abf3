package dev.weir.auth.factor;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What somebody can have beside a password, in the order in which a page would offer them. */
public enum FactorKind {
  PASSKEY,
  TOTP,
  RECOVERY;

  /** Returns their names as clients read them, in that order. */
  public static List<String> words(Set<FactorKind> kinds) {
    return kinds.stream().sorted().map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
  }
}
