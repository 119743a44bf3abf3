package dev.weir.auth.audit;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Links new events once a second; a round that fails is made up for by the next. */
public final class AuditChainJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditChainJob.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Disposable running;

  public AuditChainJob(AuditChain chain) {
    this.running =
        Flux.interval(EVERY, EVERY)
            .onBackpressureDrop()
            .concatMap(_ -> chain.linkAll().onErrorResume(AuditChainJob::putOff), 1)
            .subscribe();
  }

  private static Mono<Long> putOff(Throwable error) {
    LOG.atDebug().addKeyValue("cause", error.toString()).log("linking of audit events put off");
    return Mono.empty();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
