package dev.weir.auth.outbox;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;

/**
 * Writes side effects beside the change that causes them, and hands them out one claimant at a
 * time.
 */
public final class Outbox {
  private static final Duration CLAIM = Duration.ofSeconds(30);
  private static final int BATCH = 20;
  private static final String PLACE = "outbox.payload";

  public static final SealedColumn SEALED =
      new SealedColumn("auth.outbox", "id", SealedColumn.IdType.NUMBER, "payload_ct", _ -> PLACE);

  private final Database database;
  private final Database deliveries;
  private final Keys keys;
  private final InstantSource clock;

  /** Writes messages by one road, and hands them out by another that may do no more than that. */
  public Outbox(Database database, Database deliveries, Keys keys, InstantSource clock) {
    this.database = database;
    this.deliveries = deliveries;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Adds a message in the caller's transaction, claimed for the caller, who tries to deliver it
   * first.
   */
  public Mono<Message> addClaimed(Topic topic, byte[] payload, String dedupKey) {
    return insert(topic, payload, dedupKey, CLAIM);
  }

  /** Adds a message in the caller's transaction for any worker to take. */
  public Mono<Message> add(Topic topic, byte[] payload, String dedupKey) {
    return insert(topic, payload, dedupKey, Duration.ZERO);
  }

  private Mono<Message> insert(Topic topic, byte[] payload, String dedupKey, Duration claim) {
    var now = clock.instant();
    return database
        .sql(
            """
            insert into auth.outbox (topic, payload_ct, dedup_key, available_at, claimed_until)
            values (:topic, :payload, :dedup, :now, :claim)
            on conflict (dedup_key) do nothing returning id""")
        .bind("topic", topic.column())
        .bind("payload", keys.seal(payload, PLACE))
        .bind("dedup", dedupKey)
        .bind("now", now)
        .bind("claim", now.plus(claim))
        .map(Row.as(row -> new Message(row.number("id"), topic, payload, 0)))
        .one();
  }

  /** Finds a message that is still to be delivered, whoever has claimed it. */
  public Mono<Message> unsent(String dedupKey) {
    return database
        .sql(
            """
            select id, topic, payload_ct, attempts from auth.outbox
            where dedup_key = :dedup and sent_at is null""")
        .bind("dedup", dedupKey)
        .map(Row.as(this::message))
        .one();
  }

  /** Deletes what was delivered before then: mails hold addresses and codes. */
  public static Mono<Long> purge(Database database, Instant before) {
    return database.run(
        database
            .sql("delete from auth.outbox where sent_at < :before")
            .bind("before", before)
            .fetch()
            .rowsUpdated());
  }

  /**
   * Claims what is due of one topic; rows that another worker holds are skipped, never waited for.
   */
  Mono<List<Message>> claim(Topic topic) {
    var now = clock.instant();
    var claimed =
        deliveries
            .sql(
                """
                update auth.outbox set claimed_until = :until, attempts = attempts + 1
                where id in (select id from auth.outbox
                  where sent_at is null and topic = :topic and available_at <= :now
                    and claimed_until <= :now
                  order by id limit :batch for update skip locked)
                returning id, topic, payload_ct, attempts""")
            .bind("until", now.plus(CLAIM))
            .bind("topic", topic.column())
            .bind("now", now)
            .bind("batch", BATCH)
            .map(Row.as(this::message))
            .all()
            .collectList();
    return deliveries.run(claimed);
  }

  Mono<Void> sent(long id) {
    return deliveries.run(
        deliveries
            .sql("update auth.outbox set sent_at = :now where id = :id")
            .bind("now", clock.instant())
            .bind("id", id)
            .then());
  }

  /** Puts a failed message off, twice as long each time up to five minutes. */
  Mono<Void> putOff(Message message) {
    long seconds = Math.min(300, 1L << Math.min(message.attempts(), 9));
    var now = clock.instant();
    return deliveries.run(
        deliveries
            .sql("update auth.outbox set available_at = :at, claimed_until = :now where id = :id")
            .bind("at", now.plusSeconds(seconds))
            .bind("now", now)
            .bind("id", message.id())
            .then());
  }

  Mono<Long> pending() {
    return deliveries.run(
        deliveries
            .sql("select count(*) as pending from auth.outbox where sent_at is null")
            .map(Row.as(row -> row.number("pending")))
            .one());
  }

  private Message message(Row row) {
    return new Message(
        row.number("id"),
        Topic.valueOf(row.text("topic").toUpperCase(Locale.ROOT)),
        keys.open(row.bytes("payload_ct"), PLACE),
        (int) row.number("attempts"));
  }
}
