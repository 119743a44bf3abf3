package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Stage 8: draws from the buckets that all instances share, every tier of the route at once.
 *
 * <p>Per request: a look-up per tier, two response fields; a decision in memory where the keys are
 * in demand ({@link LeasedBuckets}), else one script call. Its answer comes back to the request's
 * event loop before anything of the request is touched. While the store is known to be away the
 * decision is made at once, on a lease that still holds or without one. When it is back here and
 * perhaps not everywhere, a request must find tokens both there and in this instance's share: what
 * others pass by theirs meanwhile is not known there yet.
 *
 * <p>O(tiers). The bound on the wait is three of the store's command timeouts, one of them where
 * the store does not answer; the bounds on what waits are the store's queue, 1024 requests per key,
 * and admission before that.
 */
final class SharedBuckets implements Enforcer {
  private final RouteLimits limits;
  private final StoreWatch store;
  private final LeasedBuckets leases;
  private final WithoutStore withoutStore;

  SharedBuckets(
      RouteLimits limits, StoreWatch store, LeasedBuckets leases, WithoutStore withoutStore) {
    this.limits = limits;
    this.store = store;
    this.leases = leases;
    this.withoutStore = withoutStore;
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    List<Tier> tiers = limits.tiers(exchange);
    int[] weights = limits.weights(exchange);
    limits.reports().follow(exchange, tiers, weights, leases);
    if (!store.isUp()) {
      Optional<List<TierState>> held = leases.spendHere(tiers, weights);
      return held.isPresent() ? limits.settle(exchange, held.get()) : withoutStore.decide(exchange);
    }
    if (store.isReturning()) {
      Optional<Verdict> beyond = withoutStore.beyondShare(exchange);
      if (beyond.isPresent()) {
        return beyond.get();
      }
    }
    Optional<List<TierState>> here = leases.decideHere(tiers, weights);
    if (here.isPresent()) {
      return limits.settle(exchange, here.get());
    }
    return new Verdict.Await(
        Mono.fromCompletionStage(
            leases
                .ask(tiers, weights)
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
