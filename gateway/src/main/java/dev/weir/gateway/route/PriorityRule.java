package dev.weir.gateway.route;

import java.util.Map;

/**
 * Which class a route's requests are of: all of the same, or by a claim of the verified token.
 *
 * @param usual where the claim is absent or has none of these values, and for everyone at the door,
 *     where no token is verified yet
 * @param claim the claim's name; empty: all are of the usual class
 * @param classes the claim's values, and the class of each
 */
public record PriorityRule(Priority usual, String claim, Map<String, Priority> classes) {

  /** Copies the map. */
  public PriorityRule {
    classes = Map.copyOf(classes);
  }

  /** Returns the rule that knows one class. */
  public static PriorityRule always(Priority usual) {
    return new PriorityRule(usual, "", Map.of());
  }

  /** Returns whether it depends on the caller. */
  public boolean isByClaim() {
    return !claim.isEmpty();
  }

  /** Returns the class of a request whose token has this text under the claim. */
  public Priority of(String value) {
    return classes.getOrDefault(value, usual);
  }
}
