package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How surely, and how lately, a caller must have proved who they are (RFC 9470).
 *
 * @param acr the values of the token's {@code acr} of which one will do; empty where any will
 * @param maxAge how old the token's {@code auth_time} may be at most
 */
public record StepUp(Set<String> acr, Optional<Duration> maxAge) {

  /** Asks for nothing beyond a good token. */
  public static final StepUp NONE = new StepUp(Set.of(), Optional.empty());

  /** Copies the set. */
  public StepUp {
    acr = Set.copyOf(acr);
  }

  /** Returns whether any good token will do. */
  public boolean isNone() {
    return acr.isEmpty() && maxAge.isEmpty();
  }

  /** Returns whether a caller who meets this may still not meet the other. */
  public boolean asksForLessThan(StepUp other) {
    boolean moreWays = !other.acr.isEmpty() && (acr.isEmpty() || !other.acr.containsAll(acr));
    boolean older =
        other.maxAge.isPresent()
            && maxAge.map(age -> age.compareTo(other.maxAge.get()) > 0).orElse(true);
    return moreWays || older;
  }
}
