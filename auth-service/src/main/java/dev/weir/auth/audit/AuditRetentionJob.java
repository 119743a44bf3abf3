package dev.weir.auth.audit;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks after the months of the log once an hour; a round that fails is made up for by the next.
 */
public final class AuditRetentionJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRetentionJob.class);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);

  private final AuditRetention retention;
  private final Disposable running;

  public AuditRetentionJob(AuditRetention retention) {
    this.retention = retention;
    this.running =
        Flux.interval(FIRST, EVERY).onBackpressureDrop().concatMap(_ -> look(), 1).subscribe();
  }

  private Mono<Long> look() {
    return retention
        .now()
        .doOnNext(AuditRetentionJob::told)
        .doOnError(
            e ->
                LOG.atWarn()
                    .addKeyValue("cause", e.toString())
                    .log("months of the audit log put off"))
        .onErrorComplete();
  }

  private static void told(long dropped) {
    if (dropped > 0) {
      LOG.atInfo().addKeyValue("months", dropped).log("months of the audit log dropped");
    }
  }

  @Override
  public void close() {
    running.dispose();
  }
}
