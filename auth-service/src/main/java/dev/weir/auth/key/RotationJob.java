package dev.weir.auth.key;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Rotates when due and picks up what others rotated, twice a minute or more often. */
public final class RotationJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RotationJob.class);

  private final KeyStore store;
  private final Keys keys;
  private final Disposable running;

  public RotationJob(KeyStore store, Keys keys, KeyPace pace) {
    this.store = store;
    this.keys = keys;
    this.running =
        Flux.interval(pace.pause()).onBackpressureDrop().concatMap(_ -> step(), 1).subscribe();
  }

  /**
   * A failed step changes nothing: the ring in memory stays valid, and the next step tries again.
   */
  private Mono<Void> step() {
    return store.rotateWhenDue().doOnNext(keys::swap).onErrorResume(RotationJob::logged).then();
  }

  /** Does what is due and picks up the ring, for a test. */
  public Mono<Void> lookNow() {
    return step();
  }

  /** Rotates the signing key at once, for a test. */
  public Mono<Void> rotateNow() {
    return store.rotateNow(KeyUse.SIGN).doOnNext(keys::swap).then();
  }

  private static Mono<KeyRing> logged(Throwable error) {
    LOG.atWarn().addKeyValue("cause", error.toString()).log("key rotation put off");
    return Mono.empty();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
