package dev.weir.auth.audit;

import dev.weir.auth.observe.AuthMetrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks after the months of the log once an hour, and shows how they stand; a round that fails is
 * made up for by the next.
 */
public final class AuditRetentionJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRetentionJob.class);
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration EVERY = Duration.ofHours(1);

  private final AuditRetention retention;

  /** As the last look found them; one reference to a value that does not change. */
  private final AtomicReference<AuditMonths> months = new AtomicReference<>(AuditMonths.UNKNOWN);

  private final Disposable running;

  public AuditRetentionJob(AuditRetention retention, AuthMetrics metrics) {
    this.retention = retention;
    metrics.auditMonths(
        () -> months.get().madeUntil().getEpochSecond(), () -> months.get().unfiled());
    metrics.auditRetention(
        () -> months.get().overdue().toSeconds(), () -> months.get().refused() ? 1 : 0);
    this.running =
        Flux.interval(FIRST, EVERY).onBackpressureDrop().concatMap(_ -> round(), 1).subscribe();
  }

  /**
   * Also when nothing could be made or dropped: then somebody has to see how long that may go on.
   */
  public Mono<AuditMonths> round() {
    return loud(
            retention.now().doOnNext(AuditRetentionJob::told), "months of the audit log put off")
        .then(loud(retention.months().doOnNext(months::set), "months of the audit log not seen"));
  }

  private static <T> Mono<T> loud(Mono<T> work, String failure) {
    return work.doOnError(e -> LOG.atWarn().addKeyValue("cause", e.toString()).log(failure))
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
