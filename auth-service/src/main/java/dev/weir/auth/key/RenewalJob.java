package dev.weir.auth.key;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * While a key is being replaced, renews what rests under the old one, every ten minutes and for a
 * command; once a round that began after every instance had stopped writing under it meets nothing,
 * the key retires. A blind-index key has to be in every place before it is looked up by, so there
 * it is such a round that makes it the active one.
 */
public final class RenewalJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RenewalJob.class);
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final KeyStore store;
  private final Keys keys;
  private final List<Renewal> renewals;
  private final InstantSource clock;
  private final Disposable running;

  public RenewalJob(KeyStore store, Keys keys, List<Renewal> renewals, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.renewals = List.copyOf(renewals);
    this.clock = clock;
    this.running =
        Flux.interval(EVERY, EVERY).onBackpressureDrop().concatMap(_ -> step(), 1).subscribe();
  }

  /** Returns how many values were met under keys that are retiring. */
  public Mono<Long> now() {
    return Flux.fromIterable(renewals)
        .filter(renewal -> isDue(renewal.use()))
        .concatMap(this::renew)
        .reduce(0L, Long::sum);
  }

  private Mono<Long> renew(Renewal renewal) {
    var began = clock.instant();
    return renewal
        .renew()
        .delayUntil(met -> met == 0 ? done(renewal, began) : Mono.empty())
        .doOnNext(met -> log(renewal.use(), met));
  }

  private boolean isDue(KeyUse use) {
    return keys.ring().has(use, KeyState.RETIRING) || isAwaited(use);
  }

  private boolean isAwaited(KeyUse use) {
    return use == KeyUse.BLIND_INDEX && keys.ring().has(use, KeyState.NEXT);
  }

  private Mono<Long> done(Renewal renewal, Instant began) {
    var promotion = isAwaited(renewal.use()) ? store.promote(renewal.use(), began) : Mono.just(0L);
    return promotion
        .then(Mono.defer(() -> store.retire(renewal.use(), began)))
        .filter(retired -> retired > 0)
        .flatMap(_ -> renewal.clear());
  }

  private static void log(KeyUse use, long met) {
    if (met > 0) {
      LOG.atInfo()
          .addKeyValue("use", use.column())
          .addKeyValue("values", met)
          .log("values met that are not under the coming key");
    }
  }

  private Mono<Long> step() {
    return now()
        .doOnError(e -> LOG.atDebug().addKeyValue("cause", e.toString()).log("renewal put off"))
        .onErrorComplete();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
