package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import java.util.List;
import java.util.Optional;

/**
 * Picks the endpoint of an attempt: the one that the balancer prefers, and never the one just tried
 * where there is another.
 *
 * <p>Costs what the balancer costs, and one permission; only where breakers refuse does it walk on,
 * through each endpoint at most once more. Allocates the returned {@code Optional}.
 */
final class EndpointChoice {
  private final EndpointBreaker[] line;
  private final Balancer balancer;

  /** Chooses among these. */
  EndpointChoice(List<EndpointBreaker> endpoints, Balancer balancer) {
    this.line = endpoints.toArray(EndpointBreaker[]::new);
    this.balancer = balancer;
  }

  /** Begins an attempt at any endpoint. */
  Optional<EndpointBreaker> begin(Exchange exchange) {
    return begin(exchange, Balancer.NONE);
  }

  /** Begins an attempt at another endpoint, or at the same where no other permits. */
  Optional<EndpointBreaker> beginAfter(Exchange exchange, EndpointBreaker tried) {
    for (int i = 0; i < line.length; i++) {
      if (line[i] == tried) {
        Optional<EndpointBreaker> other = line.length > 1 ? begin(exchange, i) : Optional.empty();
        return other.isPresent() || !tried.tryBegin() ? other : Optional.of(tried);
      }
    }
    return begin(exchange, Balancer.NONE);
  }

  private Optional<EndpointBreaker> begin(Exchange exchange, int excluded) {
    int preferred = balancer.pick(line, exchange, excluded);
    if (preferred == Balancer.NONE) {
      return Optional.empty();
    }
    if (line[preferred].tryBegin()) {
      return Optional.of(line[preferred]);
    }
    return beginAnyBut(excluded, preferred);
  }

  private Optional<EndpointBreaker> beginAnyBut(int excluded, int refused) {
    for (int i = 0; i < line.length; i++) {
      if (i != excluded && i != refused && line[i].mayPermit() && line[i].tryBegin()) {
        return Optional.of(line[i]);
      }
    }
    return Optional.empty();
  }

  /** Returns the seconds until the soonest breaker lets a probe through, at least one. */
  long retryAfterSeconds() {
    long soonestMillis = Long.MAX_VALUE;
    for (EndpointBreaker endpoint : line) {
      soonestMillis = Math.min(soonestMillis, endpoint.untilProbe().toMillis());
    }
    return Math.max(1, Math.ceilDiv(soonestMillis, 1_000L));
  }
}
