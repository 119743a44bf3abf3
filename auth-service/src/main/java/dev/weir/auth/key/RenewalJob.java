package dev.weir.auth.key;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * While a key is retiring, renews what rests under it, every ten minutes and for a command; once a
 * round that began after every instance had stopped writing under it meets nothing, the key
 * retires.
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
        .filter(renewal -> keys.ring().isRetiring(renewal.use()))
        .concatMap(this::renew)
        .reduce(0L, Long::sum);
  }

  private Mono<Long> renew(Renewal renewal) {
    var began = clock.instant();
    return renewal
        .renew()
        .delayUntil(met -> met == 0 ? store.retire(renewal.use(), began) : Mono.empty())
        .doOnNext(met -> log(renewal.use(), met));
  }

  private static void log(KeyUse use, long met) {
    if (met > 0) {
      LOG.atInfo()
          .addKeyValue("use", use.column())
          .addKeyValue("values", met)
          .log("values met under a retiring key");
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
