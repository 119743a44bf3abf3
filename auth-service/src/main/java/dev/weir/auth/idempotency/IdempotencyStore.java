package dev.weir.auth.idempotency;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Remembers answers by Idempotency-Key for a day. The insert decides who is first; the answer is
 * stored in the transaction that makes it true. What is kept of the request is a keyed digest, so
 * that no password can be guessed from it.
 */
public final class IdempotencyStore {
  private static final Duration LIFE = Duration.ofHours(24);

  /** A first request that is still open after this long has died with its instance. */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(30);

  private static final String PLACE = "idempotency.answer";

  public static final SealedColumn SEALED =
      new SealedColumn(
          "auth.idempotency", "key_digest", SealedColumn.IdType.TEXT, "answer_ct", _ -> PLACE);

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  public IdempotencyStore(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** Enters with this request's key; {@code principal} keeps strangers' keys apart. */
  public Mono<Entry> enter(
      ServerRequest request, String route, String principal, String... payload) {
    return Mono.fromCallable(() -> IdempotencyKey.of(request))
        .flatMap(
            key ->
                key.isEmpty()
                    ? Mono.<Entry>just(new Entry.First(Ticket.NONE))
                    : enter(digest(route, principal, key.get()), digest(payload)));
  }

  /** Stores the answer; part of the transaction that the answer speaks of. */
  public Mono<Void> complete(Ticket ticket, Remembered answer) {
    if (ticket.keyDigest().isEmpty()) {
      return Mono.empty();
    }
    var packed = Json.STRICT.writeValueAsBytes(answer);
    return database
        .sql(
            "update auth.idempotency set state = 'done', answer_ct = :answer where key_digest = :key")
        .bind("answer", keys.seal(packed, PLACE))
        .bind("key", ticket.keyDigest().get())
        .then();
  }

  /**
   * Gives the key free: the request was refused before anything happened, so a better one may use
   * it.
   */
  public Mono<Void> drop(Ticket ticket) {
    if (ticket.keyDigest().isEmpty()) {
      return Mono.empty();
    }
    return database.run(
        database
            .sql("delete from auth.idempotency where key_digest = :key and state = 'in_flight'")
            .bind("key", ticket.keyDigest().get())
            .then());
  }

  /**
   * Deletes what expired before then; entering a key takes no notice of expired rows either way.
   */
  public static Mono<Long> purge(Database database, Instant before) {
    return database.run(
        database
            .sql("delete from auth.idempotency where expires_at < :before")
            .bind("before", before)
            .fetch()
            .rowsUpdated());
  }

  private Mono<Entry> enter(String keyDigest, String fingerprint) {
    var now = clock.instant();
    var insert =
        database
            .sql(
                """
                insert into auth.idempotency as i
                  (key_digest, fingerprint, state, started_at, expires_at)
                values (:key, :print, 'in_flight', :now, :expires)
                on conflict (key_digest) do update
                  set fingerprint = excluded.fingerprint, state = 'in_flight', answer_ct = null,
                    started_at = excluded.started_at, expires_at = excluded.expires_at
                  where i.expires_at < :now or (i.state = 'in_flight' and i.started_at < :stale)""")
            .bind("key", keyDigest)
            .bind("print", fingerprint)
            .bind("now", now)
            .bind("stale", now.minus(IN_FLIGHT))
            .bind("expires", now.plus(LIFE))
            .fetch()
            .rowsUpdated();
    return database
        .run(insert)
        .flatMap(rows -> rows > 0 ? first(keyDigest) : later(keyDigest, fingerprint));
  }

  private static Mono<Entry> first(String keyDigest) {
    return Mono.just(new Entry.First(new Ticket(java.util.Optional.of(keyDigest))));
  }

  private Mono<Entry> later(String keyDigest, String fingerprint) {
    var stored =
        database
            .sql(
                "select fingerprint, state, answer_ct from auth.idempotency where key_digest = :key")
            .bind("key", keyDigest)
            .map(Row.as(row -> entry(row, fingerprint)))
            .one();
    return database
        .run(stored)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.IDEMPOTENCY_IN_FLIGHT)));
  }

  private Entry entry(Row row, String fingerprint) {
    var stored = row.text("fingerprint").getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(stored, fingerprint.getBytes(StandardCharsets.US_ASCII))) {
      throw Refused.of(AuthError.IDEMPOTENCY_MISMATCH);
    }
    if ("in_flight".equals(row.text("state"))) {
      throw Refused.of(AuthError.IDEMPOTENCY_IN_FLIGHT);
    }
    var packed = keys.open(row.bytes("answer_ct"), PLACE);
    return new Entry.Replay(Json.STRICT.readValue(packed, Remembered.class));
  }

  private String digest(String... parts) {
    var bytes = new byte[parts.length][];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = parts[i].getBytes(StandardCharsets.UTF_8);
    }
    return HexFormat.of().formatHex(keys.tag(KeyUse.BLIND_INDEX, bytes).bytes());
  }
}
