package dev.weir.auth.database;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Reads that may be a little behind: from a replica where a deployment has one, else from the
 * primary. What decides whether somebody may do something never comes this way. A replica that
 * fails is left alone for five seconds, and one that has no answer yet is made up for by the
 * primary.
 */
public final class LaggingReads {
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long UP = 0;

  private final Database primary;
  private final Optional<Database> replica;
  private final AuthMetrics metrics;
  private final LongSupplier ticker;

  /**
   * 0 while up, else the tick at which the replica may be asked again; a single word, so no reader
   * sees half a state.
   */
  private final AtomicLong pausedUntil = new AtomicLong(UP);

  public LaggingReads(
      Database primary, Optional<Database> replica, LongSupplier ticker, AuthMetrics metrics) {
    this.primary = primary;
    this.replica = replica;
    this.ticker = ticker;
    this.metrics = metrics;
  }

  /** Makes a read out of what reads from one database. */
  public <A, R> Function<A, Mono<R>> of(Function<Database, Function<A, Mono<R>>> reading) {
    var near = reading.apply(primary);
    return replica
        .map(reading)
        .<Function<A, Mono<R>>>map(far -> argument -> read(far, near, argument))
        .orElse(near);
  }

  private <A, R> Mono<R> read(Function<A, Mono<R>> far, Function<A, Mono<R>> near, A argument) {
    if (isPaused()) {
      return fallBack(near, argument);
    }
    return far.apply(argument)
        .doOnNext(_ -> answered())
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .onErrorResume(Refused.class, _ -> failed())
        .flatMap(read -> read.map(Mono::just).orElseGet(() -> fallBack(near, argument)));
  }

  private void answered() {
    pausedUntil.set(UP);
    metrics.replicaRead("replica");
  }

  private <R> Mono<Optional<R>> failed() {
    long until = ticker.getAsLong() + PAUSE_NANOS;
    pausedUntil.set(until == UP ? 1 : until);
    return Mono.just(Optional.empty());
  }

  private <A, R> Mono<R> fallBack(Function<A, Mono<R>> near, A argument) {
    metrics.replicaRead("primary");
    return near.apply(argument);
  }

  private boolean isPaused() {
    long until = pausedUntil.get();
    return until != UP && until - ticker.getAsLong() > 0;
  }
}
