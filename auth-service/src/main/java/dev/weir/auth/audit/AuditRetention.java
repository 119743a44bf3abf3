package dev.weir.auth.audit;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Makes the months of the log ahead, and drops those that are past their time: anchored first, so
 * that the chain can be verified from there, then events, then links. Whatever comes to its end
 * halfway is taken up by the next round, of whichever instance.
 */
public final class AuditRetention {
  private static final int BATCH = 10_000;

  private final Database dropping;
  private final Anchors anchors;
  private final int months;
  private final InstantSource clock;

  /**
   * Takes two roads, because neither role alone can drop anything.
   *
   * @param months how many are kept beside the current one; 0 keeps all
   */
  public AuditRetention(
      Database anchoring, Database dropping, Keys keys, int months, InstantSource clock) {
    this.dropping = dropping;
    this.anchors = new Anchors(anchoring, dropping, keys);
    this.months = months;
    this.clock = clock;
  }

  /** Returns how many months were dropped. */
  public Mono<Long> now() {
    var made = number(dropping.sql("select cast(audit.make_months() as bigint) as number"));
    return made.then(months == 0 ? Mono.just(0L) : expired());
  }

  /** Looks how the log is divided and what the last round left, and changes nothing. */
  public Mono<AuditMonths> months() {
    // What is to be kept for ever is never overdue.
    return months == 0 ? months(Instant.MIN) : cut().flatMap(this::months);
  }

  private Mono<AuditMonths> months(Instant cut) {
    return dropping.run(
        dropping
            .sql("select made_until, unfiled, audit.oldest() as oldest from audit.months_state()")
            .map(Row.as(row -> months(row, cut)))
            .one());
  }

  private AuditMonths months(Row row, Instant cut) {
    var overdue =
        row.optionalInstant("oldest")
            .filter(oldest -> oldest.isBefore(cut))
            .map(oldest -> Duration.between(oldest, cut))
            .orElse(Duration.ZERO);
    return new AuditMonths(
        row.instant("made_until"), row.number("unfiled"), overdue, anchors.isRefusing());
  }

  private Mono<Long> expired() {
    return cut().flatMap(this::before).defaultIfEmpty(0L);
  }

  private Mono<Long> before(Instant cut) {
    return anchors.upTo(cut).flatMap(anchor -> dropped(anchor, cut));
  }

  /**
   * In UTC, as the months themselves. By our clock or the database's, whichever is behind: one that
   * is years ahead would drop all.
   */
  private Mono<Instant> cut() {
    var ours =
        clock
            .instant()
            .atZone(ZoneOffset.UTC)
            .truncatedTo(ChronoUnit.DAYS)
            .withDayOfMonth(1)
            .minusMonths(months)
            .toInstant();
    return dropping
        .run(
            dropping
                .sql(
                    """
                    select (date_trunc('month', now() at time zone 'UTC')
                      - make_interval(months => :months)) at time zone 'UTC' as cut""")
                .bind("months", months)
                .map(Row.as(row -> row.instant("cut")))
                .one())
        .map(theirs -> earlier(ours, theirs));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** By what was looked at: another anchor may have come since. */
  private Mono<Long> dropped(Anchor anchor, Instant cut) {
    var before = earlier(anchor.cut(), cut);
    return number(
            dropping
                .sql("select cast(audit.drop_months(:before) as bigint) as number")
                .bind("before", before))
        .delayUntil(_ -> all(unfiled(before)))
        .delayUntil(_ -> all(links(before, anchor.seq())));
  }

  private Mono<Long> unfiled(Instant before) {
    return number(
        dropping
            .sql("select audit.drop_unfiled(:size, :before) as number")
            .bind("size", BATCH)
            .bind("before", before));
  }

  private Mono<Long> links(Instant before, long below) {
    return number(
        dropping
            .sql("select audit.drop_links(:size, :before, :below) as number")
            .bind("size", BATCH)
            .bind("before", before)
            .bind("below", below));
  }

  private static Mono<Long> all(Mono<Long> batch) {
    return batch.expand(dropped -> dropped < BATCH ? Mono.empty() : batch).reduce(0L, Long::sum);
  }

  private Mono<Long> number(GenericExecuteSpec statement) {
    return dropping.run(statement.map(Row.as(row -> row.number("number"))).one());
  }
}
