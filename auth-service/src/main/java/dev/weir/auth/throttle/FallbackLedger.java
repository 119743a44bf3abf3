package dev.weir.auth.throttle;

import dev.weir.auth.observe.AuthMetrics;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Counts on this instance and in the shared ledger. An attempt needs both; while the shared one
 * cannot answer, this instance's own count decides. It has been kept all along, so that the moment
 * in which Redis is lost gives nobody a fresh budget: never open, never shut.
 */
public final class FallbackLedger implements AttemptLedger {
  private final AttemptLedger shared;
  private final AttemptLedger local;
  private final AuthMetrics metrics;

  public FallbackLedger(AttemptLedger shared, AttemptLedger local, AuthMetrics metrics) {
    this.shared = shared;
    this.local = local;
    this.metrics = metrics;
  }

  @Override
  public Mono<Reservation> reserve(List<Budget> budgets) {
    return local
        .reserve(budgets)
        .flatMap(here -> here.granted() ? reserveShared(budgets, here) : Mono.just(here));
  }

  @Override
  public Mono<Void> refund(List<Budget> budgets) {
    return local.refund(budgets).then(shared.refund(budgets).onErrorComplete());
  }

  @Override
  public Mono<Void> clear(Budget budget) {
    return local.clear(budget).then(shared.clear(budget).onErrorComplete());
  }

  private Mono<Reservation> reserveShared(List<Budget> budgets, Reservation here) {
    return shared
        .reserve(budgets)
        .onErrorResume(_ -> fallBack(here))
        .delayUntil(everywhere -> everywhere.granted() ? Mono.empty() : local.refund(budgets));
  }

  private Mono<Reservation> fallBack(Reservation here) {
    metrics.throttleFallback();
    return Mono.just(here);
  }
}
