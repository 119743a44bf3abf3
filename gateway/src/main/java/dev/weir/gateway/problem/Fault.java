package dev.weir.gateway.problem;

import java.util.Locale;

/** Says who has to act on a refusal. */
public enum Fault {
  CLIENT,
  GATEWAY,
  UPSTREAM,
  DEPENDENCY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the spelling used in metrics and logs. */
  public String label() {
    return label;
  }
}
