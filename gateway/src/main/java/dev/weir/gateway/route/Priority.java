package dev.weir.gateway.route;

import java.util.Locale;

/** How late a route is shed under overload: the first is shed last. */
public enum Priority {
  CRITICAL,
  HIGH,
  NORMAL,
  LOW;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the spelling used in the route file and in metrics. */
  public String label() {
    return label;
  }
}
