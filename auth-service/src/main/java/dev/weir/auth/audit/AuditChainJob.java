package dev.weir.auth.audit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Links new events once a second; a round that fails is made up for by the next. */
public final class AuditChainJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditChainJob.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** A Postgres that fails over is away for less; what fails for longer needs somebody. */
  private static final int FAILURES_TOLD = 10;

  private final AuditChain chain;
  private final AtomicInteger failures = new AtomicInteger();
  private final Disposable running;

  public AuditChainJob(AuditChain chain) {
    this.chain = chain;
    this.running =
        Flux.interval(EVERY, EVERY).onBackpressureDrop().concatMap(_ -> look(), 1).subscribe();
  }

  private Mono<Long> look() {
    return chain.linkAll().doOnSuccess(_ -> linked()).onErrorResume(this::putOff);
  }

  private void linked() {
    if (failures.getAndSet(0) >= FAILURES_TOLD) {
      LOG.info("audit events are linked again");
    }
  }

  private Mono<Long> putOff(Throwable error) {
    boolean isTold = failures.incrementAndGet() == FAILURES_TOLD;
    (isTold ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("cause", error.toString())
        .log("linking of audit events put off");
    return Mono.empty();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
