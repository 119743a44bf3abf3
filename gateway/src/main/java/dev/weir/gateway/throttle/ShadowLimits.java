package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Stage 8 with limits in shadow mode behind those that are meant: what these let pass is drawn from
 * the shadow's buckets and counted. Nobody is refused by a shadow, hears of it, or waits for it.
 *
 * <p>Each shadow limit is decided alone, not all or none: the question is what it would do by
 * itself. Without the store it is not decided at all, but on leases that still hold.
 *
 * <p>Per request that passes and shadow limit: what {@link SharedBuckets} costs, in a call of its
 * own where the key is not in demand; no wait.
 */
final class ShadowLimits implements Enforcer {
  private final Enforcer enforced;
  private final List<RouteLimits> shadows;
  private final StoreWatch store;
  private final LeasedBuckets leases;

  ShadowLimits(
      Enforcer enforced, List<RouteLimits> shadows, StoreWatch store, LeasedBuckets leases) {
    this.enforced = enforced;
    this.shadows = shadows;
    this.store = store;
    this.leases = leases;
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    Verdict verdict = enforced.enforce(exchange);
    return verdict instanceof Verdict.Await(Mono<Verdict> later)
        ? new Verdict.Await(later.map(decided -> observed(exchange, decided)))
        : observed(exchange, verdict);
  }

  private Verdict observed(Exchange exchange, Verdict verdict) {
    if (verdict instanceof Verdict.Proceed) {
      shadows.forEach(shadow -> observe(exchange, shadow));
    }
    return verdict;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits; a failure is the store watch's
  private void observe(Exchange exchange, RouteLimits shadow) {
    List<Tier> tiers = shadow.tiers(exchange);
    int[] weights = shadow.weights(exchange);
    shadow.reports().follow(exchange, tiers, weights, leases);
    if (!store.isUp()) {
      leases.spendHere(tiers, weights).ifPresent(shadow::note);
      return;
    }
    Optional<List<TierState>> here = leases.decideHere(tiers, weights);
    if (here.isPresent()) {
      shadow.note(here.get());
      return;
    }
    leases.ask(tiers, weights).thenAccept(shadow::note);
  }
}
