package dev.weir.auth.throttle;

import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Counts attempts. A reservation takes one from every budget or from none, so refused calls never
 * prolong a wait.
 */
public interface AttemptLedger {
  Mono<Reservation> reserve(List<Budget> budgets);

  /** Gives one attempt back to each budget, because it was never judged. */
  Mono<Void> refund(List<Budget> budgets);

  /** Empties a budget's counter. */
  Mono<Void> clear(Budget budget);
}
