package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import java.util.function.ToLongFunction;

/**
 * Equal keys to the same endpoint: rendezvous hashing with bounded loads.
 *
 * <p><b>What runs per request.</b> The key is hashed once; each endpoint's score is one mix of that
 * with the endpoint's own hash, and the highest score wins. Only a score that leads is worth a look
 * at that endpoint's load and breaker, which for n endpoints happens ln n times on average. No
 * table, nothing to rebuild when an endpoint comes or goes, no allocation.
 *
 * <p><b>What it promises.</b> When an endpoint goes, only its keys move, and evenly over all
 * others; when it is back, they come back. All gateways agree, as nothing but the key and the
 * endpoint's address goes in. An endpoint that has more than {@value #LOAD_BOUND} times the average
 * under way is passed over, so neither a hot key nor chance fills one endpoint while others idle; a
 * hot key's overflow always goes to the same second endpoint.
 *
 * <p><b>Whose load.</b> All event loops' together, although to sum it reads a line of every core:
 * by its own requests alone, a loop to which chance gave one busy key would send that key astray.
 *
 * <p><b>Why not a ring or Maglev.</b> Both need tables of thousands of entries that are built anew
 * on each change, to save little: a choice among 2, 8, 64 and 256 endpoints costs 49, 66, 132 and
 * 652 ns (BalancerBench), against 16 to 23 ns of {@link LeastRequests}.
 */
final class ConsistentHash implements Balancer {
  static final double LOAD_BOUND = 1.25;

  private final ToLongFunction<Exchange> key;
  private final LoopCounts load;
  private final Balancer withoutKey;

  ConsistentHash(ToLongFunction<Exchange> key, LoopCounts load, Balancer withoutKey) {
    this.key = key;
    this.load = load;
    this.withoutKey = withoutKey;
  }

  @Override
  public int pick(EndpointBreaker[] line, Exchange exchange, int excluded) {
    long hash = key.applyAsLong(exchange);
    if (hash == RequestKey.ABSENT) {
      return withoutKey.pick(line, exchange, excluded);
    }
    int best = best(line, hash, excluded);
    // All are at the bound only where some are excluded or refused; then the least busy is as good.
    return best == NONE ? withoutKey.pick(line, exchange, excluded) : best;
  }

  private int best(EndpointBreaker[] line, long hash, int excluded) {
    int bound = bound(line.length);
    int best = NONE;
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < line.length; i++) {
      long score = Mix.of(hash ^ line[i].hash());
      boolean leads = best == NONE || score > highest;
      if (leads && i != excluded && takes(line[i], score, bound)) {
        best = i;
        highest = score;
      }
    }
    return best;
  }

  /** One that starts slowly takes more and more of its keys, and keeps those that it has. */
  private static boolean takes(EndpointBreaker endpoint, long score, int bound) {
    return endpoint.inFlight() < bound
        && endpoint.mayPermit()
        && Math.floorMod(score, SlowStart.FULL) < endpoint.share();
  }

  /** Returns the bound of each endpoint; with this request counted it is never below one. */
  private int bound(int endpoints) {
    double average = (load.sum() + 1.0) / Math.max(1, endpoints);
    return (int) Math.ceil(LOAD_BOUND * average);
  }
}
