package dev.weir.gateway.routefile;

import java.util.Locale;

/** Whether a problem keeps the file from being used. */
public enum Severity {
  /** The file is refused; the old generation serves on. */
  ERROR,
  /** The file is used; someone should look. */
  WARNING;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the spelling used in output. */
  public String label() {
    return label;
  }
}
