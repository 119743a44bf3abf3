package dev.weir.gateway.resilience;

import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Picks the endpoint of an attempt: of two random ones whose breaker may permit, the one with fewer
 * attempts of this event loop in flight (power of two choices), and never the one just tried where
 * there is another.
 *
 * <p>What other loops have in flight does not count: to know it, every loop would have to read what
 * every other one has just written. Connections are dealt to loops at random, so each loop's view
 * is a fair sample.
 *
 * <p>Costs two random numbers, two looks at a breaker and one permission; only where breakers
 * refuse does it walk on, through each endpoint at most once more. Allocates the returned {@code
 * Optional}.
 */
final class EndpointChoice {
  private static final int NONE = -1;

  private final EndpointBreaker[] endpoints;
  private final IntUnaryOperator random;

  /**
   * Chooses among these.
   *
   * @param random from a bound to a number below it
   */
  EndpointChoice(List<EndpointBreaker> endpoints, IntUnaryOperator random) {
    this.endpoints = endpoints.toArray(EndpointBreaker[]::new);
    this.random = random;
  }

  /** Begins an attempt at any endpoint. */
  Optional<EndpointBreaker> begin() {
    return begin(NONE);
  }

  /** Begins an attempt at another endpoint, or at the same where no other permits. */
  Optional<EndpointBreaker> beginAfter(EndpointBreaker tried) {
    for (int i = 0; i < endpoints.length; i++) {
      if (endpoints[i] == tried) {
        Optional<EndpointBreaker> other = endpoints.length > 1 ? begin(i) : Optional.empty();
        return other.isPresent() || !tried.tryBegin() ? other : Optional.of(tried);
      }
    }
    return begin(NONE);
  }

  private Optional<EndpointBreaker> begin(int excluded) {
    int first = next(random.applyAsInt(endpoints.length), excluded, NONE);
    if (first == NONE) {
      return Optional.empty();
    }
    int second = next(random.applyAsInt(endpoints.length), excluded, first);
    int better = second == NONE ? first : lessBusy(first, second);
    if (endpoints[better].tryBegin()) {
      return Optional.of(endpoints[better]);
    }
    return beginAnyBut(excluded, better);
  }

  /** Returns the first candidate from here on, around the ring, that may permit. */
  private int next(int from, int excluded, int taken) {
    for (int step = 0; step < endpoints.length; step++) {
      int i = (from + step) % endpoints.length;
      if (i != excluded && i != taken && endpoints[i].mayPermit()) {
        return i;
      }
    }
    return NONE;
  }

  private int lessBusy(int first, int second) {
    return endpoints[second].inFlightHere() < endpoints[first].inFlightHere() ? second : first;
  }

  private Optional<EndpointBreaker> beginAnyBut(int excluded, int refused) {
    for (int i = 0; i < endpoints.length; i++) {
      if (i != excluded && i != refused && endpoints[i].mayPermit() && endpoints[i].tryBegin()) {
        return Optional.of(endpoints[i]);
      }
    }
    return Optional.empty();
  }

  /** Returns the seconds until the soonest breaker lets a probe through, at least one. */
  long retryAfterSeconds() {
    long soonestMillis = Long.MAX_VALUE;
    for (EndpointBreaker endpoint : endpoints) {
      soonestMillis = Math.min(soonestMillis, endpoint.untilProbe().toMillis());
    }
    return Math.max(1, Math.ceilDiv(soonestMillis, 1_000L));
  }
}
