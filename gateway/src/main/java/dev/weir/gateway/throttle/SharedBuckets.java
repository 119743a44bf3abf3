package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stage 8: draws from the buckets that all instances share, every tier of the route in one call.
 *
 * <p>Per request: one digest and one key per tier, one script call, two response fields. The answer
 * comes back to the request's event loop before anything of the request is touched. While the store
 * is known to be away the decision is made at once, in memory.
 *
 * <p>O(tiers). The bound on the wait is the store's command timeout; the bound on what waits is the
 * store's queue, and admission before that.
 */
final class SharedBuckets implements Enforcer {
  private final RouteLimits limits;
  private final StoreWatch store;
  private final WithoutStore withoutStore;

  SharedBuckets(RouteLimits limits, StoreWatch store, WithoutStore withoutStore) {
    this.limits = limits;
    this.store = store;
    this.withoutStore = withoutStore;
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    if (!store.isUp()) {
      return withoutStore.decide(exchange);
    }
    return new Verdict.Await(
        Mono.fromCompletionStage(
            store
                .take(limits.tiers(exchange))
                .handleAsync(
                    (states, failure) -> settle(exchange, states, failure), exchange.eventLoop())));
  }

  private Verdict settle(
      Exchange exchange, @Nullable List<TierState> states, @Nullable Throwable failure) {
    if (failure != null || states == null) {
      return withoutStore.decide(exchange);
    }
    return limits.settle(exchange, states);
  }
}
