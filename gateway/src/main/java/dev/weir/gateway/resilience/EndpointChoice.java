package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Picks the endpoint of an attempt: of those in service the one that the balancer prefers, and
 * never the one just tried where there is another. Where no breaker of those in service permits,
 * the others are better than nothing.
 *
 * <p>Costs one volatile read, what the balancer costs, and one permission; only where breakers
 * refuse does it walk on, through each endpoint at most twice more. Allocates the returned {@code
 * Optional}.
 */
final class EndpointChoice {
  private final Roster roster;
  private final Balancer balancer;
  private final IntUnaryOperator random;

  /**
   * Chooses among these.
   *
   * @param random from a bound to a number below it
   */
  EndpointChoice(Roster roster, Balancer balancer, IntUnaryOperator random) {
    this.roster = roster;
    this.balancer = balancer;
    this.random = random;
  }

  /** Begins an attempt at any endpoint. */
  Optional<EndpointBreaker> begin(Exchange exchange) {
    Lineup lineup = roster.now();
    Optional<EndpointBreaker> preferred = preferred(lineup.serving(), exchange, Balancer.NONE);
    return preferred.isPresent() ? preferred : lastResort(lineup, Balancer.NONE);
  }

  /** Begins an attempt at another endpoint, or at the same where no other permits. */
  Optional<EndpointBreaker> beginAfter(Exchange exchange, EndpointBreaker tried) {
    Optional<EndpointBreaker> other = beginOther(exchange, tried);
    return other.isPresent() || !tried.tryBegin() ? other : Optional.of(tried);
  }

  /** Begins an attempt at another endpoint, where one permits. */
  Optional<EndpointBreaker> beginOther(Exchange exchange, EndpointBreaker tried) {
    Lineup lineup = roster.now();
    Optional<EndpointBreaker> other =
        preferred(lineup.serving(), exchange, placeOf(tried, lineup.serving()));
    return other.isPresent() ? other : lastResort(lineup, placeOf(tried, lineup.all()));
  }

  private static int placeOf(EndpointBreaker endpoint, EndpointBreaker[] line) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == endpoint) {
        return i;
      }
    }
    return Balancer.NONE;
  }

  private Optional<EndpointBreaker> preferred(
      EndpointBreaker[] line, Exchange exchange, int excluded) {
    int preferred = balancer.pick(line, exchange, excluded);
    if (preferred == Balancer.NONE) {
      return Optional.empty();
    }
    // Between the look at the breaker and this, another loop may have taken its last permission.
    return line[preferred].tryBegin() ? Optional.of(line[preferred]) : any(line, excluded);
  }

  private Optional<EndpointBreaker> lastResort(Lineup lineup, int excluded) {
    return lineup.serving().length == lineup.all().length
        ? Optional.empty()
        : any(lineup.all(), excluded);
  }

  private Optional<EndpointBreaker> any(EndpointBreaker[] line, int excluded) {
    int from = line.length == 0 ? 0 : random.applyAsInt(line.length);
    for (int step = 0; step < line.length; step++) {
      int i = (from + step) % line.length;
      if (i != excluded && line[i].mayPermit() && line[i].tryBegin()) {
        return Optional.of(line[i]);
      }
    }
    return Optional.empty();
  }

  /** Returns whether there is no endpoint at all. */
  boolean isEmpty() {
    return roster.now().all().length == 0;
  }

  /** Hears that an attempt failed. */
  void noteFailure(EndpointBreaker endpoint) {
    roster.noteFailure(endpoint);
  }

  /** Returns the seconds until the soonest breaker lets a probe through, at least one. */
  long retryAfterSeconds() {
    long soonestMillis = Long.MAX_VALUE;
    for (EndpointBreaker endpoint : roster.now().all()) {
      soonestMillis = Math.min(soonestMillis, endpoint.untilProbe().toMillis());
    }
    return Math.max(1, Math.ceilDiv(soonestMillis, 1_000L));
  }
}
