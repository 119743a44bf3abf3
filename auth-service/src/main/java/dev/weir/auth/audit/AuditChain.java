package dev.weir.auth.audit;

import dev.weir.auth.audit.EventDigest.Link;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Links what was recorded into one chain, a second later and beside everything else: a link made in
 * the transaction of its event would let one login at a time commit. One instance links at a time;
 * should two ever try, the second meets the number of the first and starts over.
 */
public final class AuditChain {
  private static final Logger LOG = LoggerFactory.getLogger(AuditChain.class);
  private static final int BATCH = 200;

  /** Any constant does: it only has to be the same in every instance. */
  private static final long LINKING_LOCK = 0x5745_4952_4c49_4e4bL;

  private final Database database;
  private final EventDigest digest;
  private final AuthMetrics metrics;
  private final AtomicLong behind = new AtomicLong();
  private final AtomicLong ahead = new AtomicLong();

  public AuditChain(Database database, Keys keys, AuthMetrics metrics) {
    this.database = database;
    this.digest = new EventDigest(keys);
    this.metrics = metrics;
    metrics.auditUnlinked(behind::get);
    metrics.auditAhead(ahead::get);
  }

  /** Links everything that is there, batch by batch; returns how much that was. */
  public Mono<Long> linkAll() {
    return linkBatch()
        .expand(linked -> linked < BATCH ? Mono.empty() : linkBatch())
        .reduce(0L, Long::sum)
        .delayUntil(_ -> lookAhead());
  }

  /**
   * Events are linked by their time, so one of a clock that is far ahead would be the last: it gets
   * its link when its time has come.
   */
  private Mono<Long> lookAhead() {
    return database
        .run(
            database
                .sql("select audit.ahead() as number")
                .map(Row.as(row -> row.number("number")))
                .one())
        .doOnNext(this::told);
  }

  private void told(long found) {
    if (ahead.getAndSet(found) == 0 && found > 0) {
      LOG.atWarn()
          .addKeyValue("events", found)
          .log("audit events of ten minutes ahead wait for their time: a clock is wrong");
    }
  }

  private Mono<Long> linkBatch() {
    var work =
        alone()
            .filter(alone -> alone)
            .flatMap(_ -> unlinked().zipWhen(_ -> last()))
            .flatMap(found -> linked(found.getT1(), found.getT2()))
            .defaultIfEmpty(0L);
    return database
        .inTransaction(work)
        .doOnNext(metrics::auditLinked)
        .doOnNext(linked -> behind.set(linked < BATCH ? 0 : BATCH));
  }

  private Mono<Boolean> alone() {
    return database
        .sql("select pg_try_advisory_xact_lock(:id) as alone")
        .bind("id", LINKING_LOCK)
        .map(Row.as(row -> row.flag("alone")))
        .one();
  }

  private Mono<List<Unlinked>> unlinked() {
    return database
        .sql("select id, at, hash from audit.unlinked(:size)")
        .bind("size", BATCH)
        .map(Row.as(row -> new Unlinked(row.number("id"), row.instant("at"), row.bytes("hash"))))
        .all()
        .collectList()
        .doOnNext(found -> behind.set(found.size()));
  }

  private Mono<Head> last() {
    return database
        .sql("select seq, hash from audit.last_link()")
        .map(Row.as(row -> new Head(row.number("seq"), row.bytes("hash"))))
        .one()
        .defaultIfEmpty(new Head(0, EventDigest.START));
  }

  private Mono<Long> linked(List<Unlinked> events, Head head) {
    return Flux.fromIterable(chain(events, head))
        .concatMap(this::insert)
        .then(Mono.just((long) events.size()));
  }

  private List<Linked> chain(List<Unlinked> events, Head head) {
    var chain = new ArrayList<Linked>();
    var last = head;
    for (var event : events) {
      var link = new Link(last.seq() + 1, event.id(), event.at(), event.hash(), last.hash());
      var tag = digest.of(link);
      chain.add(new Linked(link, tag));
      last = new Head(link.seq(), tag.bytes());
    }
    return chain;
  }

  private Mono<Void> insert(Linked linked) {
    var link = linked.link();
    return database
        .sql(
            """
            insert into audit.links (seq, event_id, event_at, event_hash, prev_hash, hash, hash_key)
            values (:seq, :event, :at, :digest, :prev, :hash, :key)""")
        .bind("seq", link.seq())
        .bind("event", link.eventId())
        .bind("at", link.eventAt())
        .bind("digest", link.eventHash())
        .bind("prev", link.previous())
        .bind("hash", linked.tag().bytes())
        .bind("key", linked.tag().kid())
        .then();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Unlinked(long id, Instant at, byte[] hash) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Head(long seq, byte[] hash) {}

  private record Linked(Link link, Keys.Tag tag) {}
}
