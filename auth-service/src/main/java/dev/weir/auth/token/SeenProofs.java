package dev.weir.auth.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * The proofs of the last two minutes: those that this instance has seen, and in the shared ledger
 * those of all. While that is away this instance's own decide, which have been kept all along; a
 * proof that was read could then be played on once at each other instance. What does not fit into
 * them is refused, as it could not be told apart from a repetition.
 */
public final class SeenProofs {
  /** Twice the minute that a proof may be off. */
  public static final Duration KEPT = Duration.ofMinutes(2);

  private static final int BOUND = 100_000;

  private final ProofLedger shared;
  private final AuthMetrics metrics;
  private final Cache<String, Boolean> local =
      Caffeine.newBuilder().expireAfterWrite(KEPT).executor(Runnable::run).build();
  private final int bound;

  public SeenProofs(ProofLedger shared, AuthMetrics metrics) {
    this(shared, metrics, BOUND);
  }

  SeenProofs(ProofLedger shared, AuthMetrics metrics, int bound) {
    this.shared = shared;
    this.metrics = metrics;
    this.bound = bound;
  }

  /** Returns whether this is the first time. */
  public Mono<Boolean> first(String name) {
    return Mono.defer(() -> look(name)).doOnNext(first -> metrics.proof(outcome(first)));
  }

  private Mono<Boolean> look(String name) {
    boolean fits = local.estimatedSize() < bound;
    boolean here = local.asMap().containsKey(name);
    boolean again = here || (fits && local.asMap().putIfAbsent(name, Boolean.TRUE) != null);
    return again ? Mono.just(false) : shared.first(name, KEPT).onErrorResume(_ -> alone(fits));
  }

  private static String outcome(boolean first) {
    return first ? "accepted" : "replayed";
  }

  private Mono<Boolean> alone(boolean fits) {
    metrics.proof("local");
    return fits ? Mono.just(true) : Mono.error(Refused.of(AuthError.OVERLOADED));
  }
}
