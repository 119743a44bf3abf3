package dev.weir.auth.config;

import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.outbox.Outbox;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes, every ten minutes, what has been of no use for a day: delivered messages, expired codes
 * and remembered answers. Sessions and the audit log stay.
 */
public final class Purge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofDays(1);

  private final Outbox outbox;
  private final OneTimeCodes codes;
  private final IdempotencyStore idempotency;
  private final InstantSource clock;
  private final Disposable running;

  Purge(Outbox outbox, OneTimeCodes codes, IdempotencyStore idempotency, InstantSource clock) {
    this.outbox = outbox;
    this.codes = codes;
    this.idempotency = idempotency;
    this.clock = clock;
    this.running =
        Flux.interval(EVERY, EVERY).onBackpressureDrop().concatMap(_ -> step(), 1).subscribe();
  }

  /** Returns how many rows went. */
  public Mono<Long> now() {
    var before = clock.instant().minus(KEPT);
    return Flux.concat(outbox.purge(before), codes.purge(before), idempotency.purge(before))
        .reduce(0L, Long::sum);
  }

  private Mono<Long> step() {
    return now()
        .doOnError(e -> LOG.atDebug().addKeyValue("cause", e.toString()).log("purge put off"))
        .onErrorComplete();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
