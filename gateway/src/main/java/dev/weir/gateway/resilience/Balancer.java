package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.route.Balance;
import java.util.function.IntUnaryOperator;

/** A way to spread requests over endpoints. One per route and generation, used by all loops. */
interface Balancer {
  int NONE = -1;

  /**
   * Returns the place in the line of the endpoint that the request should go to, or {@link #NONE}
   * where no breaker would let it through. Nothing is taken: the breaker has the last word.
   *
   * @param excluded a place that is not wanted, or {@link #NONE}
   */
  int pick(EndpointBreaker[] line, Exchange exchange, int excluded);

  /**
   * Makes the balancer of a route.
   *
   * @param random from a bound to a number below it
   * @param load what is under way to the upstream
   */
  static Balancer of(Balance balance, IntUnaryOperator random, LoopCounts load) {
    return switch (balance) {
      case Balance.RoundRobin() -> new RoundRobin(random);
      case Balance.LeastRequests() -> new LeastRequests(random);
      case Balance.Hash(Balance.HashKey key) ->
          new ConsistentHash(RequestKey.of(key), load, new LeastRequests(random));
    };
  }
}
