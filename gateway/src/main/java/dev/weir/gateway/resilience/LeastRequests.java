package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import java.util.function.IntUnaryOperator;

/**
 * Of two random endpoints whose breaker may permit, the one with fewer requests under way (power of
 * two choices). Costs two random numbers and two looks at a breaker, whatever the number of
 * endpoints, and does not herd: gateways that know nothing of each other do not all find the same
 * endpoint the least busy one, as they would if each looked at all of them.
 *
 * <p>What other event loops have under way does not count: to know it, every loop would have to
 * read what every other one has just written. Connections are dealt to loops at random, so each
 * loop's view is a fair sample.
 *
 * <p>One that starts slowly is a candidate as often as its share says, and then like any other: by
 * its load alone it would look the freest, and be flooded.
 */
record LeastRequests(IntUnaryOperator random) implements Balancer {

  @Override
  public int pick(EndpointBreaker[] line, Exchange exchange, int excluded) {
    int first = next(line, excluded, NONE);
    if (first == NONE) {
      return any(line, excluded);
    }
    int second = next(line, excluded, first);
    boolean secondIsFreer =
        second != NONE && line[second].inFlightHere() < line[first].inFlightHere();
    return secondIsFreer ? second : first;
  }

  /** Returns the first from a random place on, around the ring, that may permit and wants it. */
  private int next(EndpointBreaker[] line, int excluded, int taken) {
    int from = from(line);
    for (int step = 0; step < line.length; step++) {
      int i = (from + step) % line.length;
      if (i != excluded && i != taken && line[i].mayPermit() && wants(line[i])) {
        return i;
      }
    }
    return NONE;
  }

  private boolean wants(EndpointBreaker endpoint) {
    int share = endpoint.share();
    return share == SlowStart.FULL || random.applyAsInt(SlowStart.FULL) < share;
  }

  /** Where all start slowly, somebody has to. */
  private int any(EndpointBreaker[] line, int excluded) {
    int from = from(line);
    for (int step = 0; step < line.length; step++) {
      int i = (from + step) % line.length;
      if (i != excluded && line[i].mayPermit()) {
        return i;
      }
    }
    return NONE;
  }

  private int from(EndpointBreaker[] line) {
    return line.length == 0 ? 0 : random.applyAsInt(line.length);
  }
}
