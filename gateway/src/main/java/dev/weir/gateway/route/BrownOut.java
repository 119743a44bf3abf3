package dev.weir.gateway.route;

import java.util.List;
import java.util.Locale;

/** What a route may do without while the gateway or its upstream is under pressure. */
public enum BrownOut {
  RETRY,
  HEDGE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the spelling used in the route file and in metrics. */
  public String label() {
    return label;
  }

  /**
   * Returns from which pressure on it is done without: the first of a route's at half of what may
   * be, the others in equal steps above, and never what it does not name.
   */
  public double from(List<BrownOut> order) {
    int place = order.indexOf(this);
    return place < 0 ? Double.MAX_VALUE : 0.5 + 0.5 * place / order.size();
  }
}
