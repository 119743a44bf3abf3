package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Limit.OnRedisLoss;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/**
 * Decides a request's limits while Redis is away: each limit as its on-redis-loss says. Closed
 * beats local beats open, as every tier must agree. Never waits.
 */
final class WithoutStore {
  private static final Verdict CLOSED =
      new Verdict.Refuse(
          Rejection.retryAfter(
              GatewayError.THROTTLE_UNAVAILABLE,
              "A limit of this route cannot be checked now; try again shortly",
              1));

  private final RouteLimits open;
  private final RouteLimits closed;
  private final RouteLimits local;
  private final RouteLimits shared;
  private final Debts debts;
  private final LocalBuckets buckets;

  /** Decides; {@code debts} learns what passes by a share. */
  WithoutStore(
      List<Limit> limits, int instances, LocalBuckets buckets, Debts debts, MeterRegistry meters) {
    this.debts = debts;
    this.shared = RouteLimits.whole(of(limits, OnRedisLoss.LOCAL), meters);
    this.open = RouteLimits.whole(of(limits, OnRedisLoss.OPEN), meters);
    this.closed = RouteLimits.whole(of(limits, OnRedisLoss.CLOSED), meters);
    this.local = RouteLimits.share(of(limits, OnRedisLoss.LOCAL), instances, meters);
    this.buckets = buckets;
  }

  private static List<Limit> of(List<Limit> limits, OnRedisLoss mode) {
    return limits.stream().filter(limit -> limit.onRedisLoss() == mode).toList();
  }

  Verdict decide(Exchange exchange) {
    open.countFallbacks();
    closed.countFallbacks();
    local.countFallbacks();
    if (!closed.isEmpty()) {
      return CLOSED;
    }
    if (local.isEmpty()) {
      return Verdict.PROCEED;
    }
    int[] weights = local.weights(exchange);
    Verdict verdict = local.settle(exchange, buckets.take(local.tiers(exchange), weights));
    if (verdict instanceof Verdict.Proceed) {
      List<Tier> tiers = shared.tiers(exchange);
      for (int i = 0; i < weights.length; i++) {
        debts.add(tiers.get(i), weights[i]);
      }
    }
    return verdict;
  }

  /** Refuses what this instance's share does not hold, although the store is back here. */
  Optional<Verdict> beyondShare(Exchange exchange) {
    if (local.isEmpty()) {
      return Optional.empty();
    }
    List<TierState> states = buckets.take(local.tiers(exchange), local.weights(exchange));
    return states.stream().allMatch(TierState::allowed)
        ? Optional.empty()
        : Optional.of(local.settle(exchange, states));
  }
}
