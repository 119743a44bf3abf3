package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import java.util.function.IntUnaryOperator;

/**
 * Of two random endpoints whose breaker may permit, the one with fewer requests under way (power of
 * two choices). Costs two random numbers and two looks at a breaker, whatever the number of
 * endpoints, and does not herd: gateways that know nothing of each other do not all find the same
 * endpoint the least busy one, as they would if each looked at all of them.
 */
record LeastRequests(IntUnaryOperator random) implements Balancer {

  @Override
  public int pick(EndpointBreaker[] line, Exchange exchange, int excluded) {
    int first = next(line, excluded, NONE);
    if (first == NONE) {
      return NONE;
    }
    int second = next(line, excluded, first);
    boolean secondIsFreer = second != NONE && line[second].inFlight() < line[first].inFlight();
    return secondIsFreer ? second : first;
  }

  /** Returns the first from a random place on, around the ring, that may permit. */
  private int next(EndpointBreaker[] line, int excluded, int taken) {
    int from = line.length == 0 ? 0 : random.applyAsInt(line.length);
    for (int step = 0; step < line.length; step++) {
      int i = (from + step) % line.length;
      if (i != excluded && i != taken && line[i].mayPermit()) {
        return i;
      }
    }
    return NONE;
  }
}
