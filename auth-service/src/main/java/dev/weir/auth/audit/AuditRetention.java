package dev.weir.auth.audit;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import reactor.core.publisher.Mono;

/**
 * Makes the months of the log ahead, and drops those that are past their time: anchored first, so
 * that the chain can be verified from there, then events, then links. Whatever comes to its end
 * halfway is taken up by the next round, of whichever instance.
 */
public final class AuditRetention {
  private static final int BATCH = 10_000;

  private final Database anchoring;
  private final Database dropping;
  private final EventDigest digest;
  private final int months;
  private final InstantSource clock;

  /**
   * Takes two roads, because neither role alone can drop anything.
   *
   * @param months how many are kept beside the current one; 0 keeps all
   */
  public AuditRetention(
      Database anchoring, Database dropping, Keys keys, int months, InstantSource clock) {
    this.anchoring = anchoring;
    this.dropping = dropping;
    this.digest = new EventDigest(keys);
    this.months = months;
    this.clock = clock;
  }

  /** Returns how many months were dropped. */
  public Mono<Long> now() {
    var made = number("select cast(audit.make_months() as bigint) as number");
    return made.then(months == 0 ? Mono.just(0L) : expired());
  }

  /** Looks how the log is divided, and changes nothing. */
  public Mono<AuditMonths> months() {
    return dropping.run(
        dropping
            .sql("select made_until, unfiled from audit.months_state()")
            .map(Row.as(row -> new AuditMonths(row.instant("made_until"), row.number("unfiled"))))
            .one());
  }

  private Mono<Long> expired() {
    var cut = cut();
    return before(cut)
        .flatMap(this::anchored)
        .then(number("select cast(audit.drop_months() as bigint) as number"))
        .delayUntil(_ -> links());
  }

  /** In UTC, as the months themselves. */
  private Instant cut() {
    return clock
        .instant()
        .atZone(ZoneOffset.UTC)
        .truncatedTo(ChronoUnit.DAYS)
        .withDayOfMonth(1)
        .minusMonths(months)
        .toInstant();
  }

  /** Finds what the rest of the chain follows; nothing while no event of before is linked. */
  private Mono<Anchor> before(Instant cut) {
    return dropping.run(
        dropping
            .sql("select seq, hash from audit.last_link_before(:cut)")
            .bind("cut", cut)
            .map(Row.as(row -> new Anchor(cut, row.number("seq"), row.bytes("hash"))))
            .one());
  }

  private Mono<Void> anchored(Anchor anchor) {
    var tag = digest.of(anchor);
    return anchoring.run(
        anchoring
            .sql(
                """
                insert into audit.anchors (cut, seq, link_hash, hash, hash_key)
                values (:cut, :seq, :link, :hash, :key) on conflict do nothing""")
            .bind("cut", anchor.cut())
            .bind("seq", anchor.seq())
            .bind("link", anchor.link())
            .bind("hash", tag.bytes())
            .bind("key", tag.kid())
            .then());
  }

  private Mono<Long> links() {
    var batch = number("select audit.drop_links(" + BATCH + ") as number");
    return batch.expand(dropped -> dropped < BATCH ? Mono.empty() : batch).reduce(0L, Long::sum);
  }

  private Mono<Long> number(String sql) {
    return dropping.run(dropping.sql(sql).map(Row.as(row -> row.number("number"))).one());
  }
}
