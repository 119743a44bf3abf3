package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How surely, and how lately, a caller must have proved who they are (RFC 9470).
 *
 * @param acr the values of the token's {@code acr} of which one will do; empty where any will
 * @param maxAge how old the token's {@code auth_time} may be at most
 */
public record StepUp(Set<String> acr, Optional<Duration> maxAge) {

  /** Asks for nothing beyond a good token. */
  public static final StepUp NONE = new StepUp(Set.of(), Optional.empty());

  private static final String SECOND_FACTOR = "urn:x:aal2";
  private static final String SECOND_FACTOR_ON_A_KEY = "urn:x:aal2:device";

  /** Copies the set. */
  public StepUp {
    acr = Set.copyOf(acr);
  }

  /**
   * Returns the values that will do. Weir's own auth service says {@code urn:x:aal2:device} of a
   * second factor on a session that is bound to a key, and whoever asks for a second factor has no
   * less with it. No other value is taken for another: what a foreign issuer means by one is not
   * known here.
   */
  public Set<String> accepted() {
    return acr.contains(SECOND_FACTOR)
        ? Stream.concat(acr.stream(), Stream.of(SECOND_FACTOR_ON_A_KEY))
            .collect(Collectors.toUnmodifiableSet())
        : acr;
  }

  /** Returns whether any good token will do. */
  public boolean isNone() {
    return acr.isEmpty() && maxAge.isEmpty();
  }

  /** Returns whether a caller who meets this may still not meet the other. */
  public boolean asksForLessThan(StepUp other) {
    boolean moreWays =
        !other.acr.isEmpty() && (acr.isEmpty() || !other.accepted().containsAll(accepted()));
    boolean older =
        other.maxAge.isPresent()
            && maxAge.map(age -> age.compareTo(other.maxAge.get()) > 0).orElse(true);
    return moreWays || older;
  }
}
