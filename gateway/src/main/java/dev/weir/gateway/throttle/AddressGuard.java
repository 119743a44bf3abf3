package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.route.Limit;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * Stage 6: keeps an address that floods with junk from costing a signature check per request, and
 * from costing a trip to Redis.
 *
 * <p>It is a bucket of the whole limit in this instance's memory. One instance may never let more
 * pass than the limit that all instances share, so the guard refuses nothing that the shared bucket
 * of stage 8 would let pass, save for the time a request travels to Redis, and save that requests
 * with bad tokens count here as well: that is its purpose. The shared bucket stays the exact
 * ceiling, and all tiers of a request are still drawn by one call.
 *
 * <p>Per request: one look-up of the address, one cache look-up, one compare-and-set; no wait.
 */
final class AddressGuard implements Enforcer {
  private final LocalBuckets buckets;
  private final List<RouteLimits> limits;

  AddressGuard(List<Limit> addressLimits, LocalBuckets buckets, MeterRegistry meters) {
    this.buckets = buckets;
    this.limits =
        addressLimits.stream().map(limit -> RouteLimits.whole(List.of(limit), meters)).toList();
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    for (RouteLimits limit : limits) {
      Verdict verdict =
          limit.guard(buckets.take(limit.tiers(exchange).getFirst(), limit.weights(exchange)[0]));
      if (!(verdict instanceof Verdict.Proceed)) {
        return verdict;
      }
    }
    return Verdict.PROCEED;
  }
}
