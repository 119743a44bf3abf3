package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Authenticators (TOTP) in their table. A code is good once: the row keeps the step of the last
 * one, and the update that takes a code names an earlier step, so that of two at once one is late.
 */
final class Authenticators {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  Authenticators(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** Begins an enrolment; one that was begun before and never confirmed is forgotten. */
  Mono<Enrolment> enrol(UUID userId) {
    var secret = new byte[Totp.SECRET_BYTES];
    RANDOM.nextBytes(secret);
    var id = UUID.randomUUID();
    var insert =
        database
            .sql(
                """
                insert into auth.factors (id, user_id, type, secret_ct, status, created_at)
                values (:id, :user, 'totp', :secret, 'pending', :now)""")
            .bind("id", id)
            .bind("user", userId)
            .bind("secret", keys.seal(secret, place(id)))
            .bind("now", clock.instant())
            .then();
    return of("delete from auth.factors where user_id = :user and status = 'pending'", userId)
        .then()
        .then(insert)
        .thenReturn(new Enrolment(id, Base32.encode(secret)));
  }

  /** Makes an enrolment an authenticator, by its first code; empty if it is not that. */
  Mono<Long> confirm(UUID userId, UUID id, String code) {
    return stored(userId, "pending")
        .filter(stored -> stored.id().equals(id))
        .flatMap(stored -> take(stored, code))
        .filter(rows -> rows > 0)
        .flatMap(_ -> activate(id));
  }

  /** Takes a code; empty if it is none of this moment, or was used. */
  Mono<Long> use(UUID userId, String code) {
    return stored(userId, "active").flatMap(stored -> take(stored, code)).filter(rows -> rows > 0);
  }

  Mono<List<Factor>> list(UUID userId) {
    return of(
            """
            select id, type, created_at, last_used_at from auth.factors
            where user_id = :user and status = 'active' order by created_at""",
            userId)
        .map(Row.as(Authenticators::factor))
        .all()
        .collectList();
  }

  Mono<Long> remove(UUID userId, UUID id) {
    return of("delete from auth.factors where user_id = :user and id = :id", userId)
        .bind("id", id)
        .fetch()
        .rowsUpdated();
  }

  Mono<Long> removeAll(UUID userId) {
    return of("delete from auth.factors where user_id = :user", userId).fetch().rowsUpdated();
  }

  private Mono<Stored> stored(UUID userId, String status) {
    return of(
            "select id, secret_ct, last_step from auth.factors where user_id = :user"
                + " and status = :status",
            userId)
        .bind("status", status)
        .map(Row.as(this::stored))
        .one();
  }

  private Mono<Long> take(Stored stored, String code) {
    var now = clock.instant();
    OptionalLong step = Totp.step(stored.secret(), code, now, stored.lastStep());
    if (step.isEmpty()) {
      return Mono.just(0L);
    }
    return database
        .sql(
            """
            update auth.factors set last_step = :step, last_used_at = :now
            where id = :id and last_step < :step""")
        .bind("step", step.getAsLong())
        .bind("now", now)
        .bind("id", stored.id())
        .fetch()
        .rowsUpdated();
  }

  private Mono<Long> activate(UUID id) {
    return database
        .sql("update auth.factors set status = 'active' where id = :id")
        .bind("id", id)
        .fetch()
        .rowsUpdated();
  }

  private GenericExecuteSpec of(String sql, UUID userId) {
    return database.sql(sql).bind("user", userId);
  }

  private Stored stored(Row row) {
    var id = row.id("id");
    return new Stored(id, keys.open(row.bytes("secret_ct"), place(id)), row.number("last_step"));
  }

  private static Factor factor(Row row) {
    return new Factor(
        row.id("id"),
        row.text("type"),
        row.instant("created_at"),
        row.optionalInstant("last_used_at"));
  }

  private static String place(UUID id) {
    return "factors.secret:" + id;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Stored(UUID id, byte[] secret, long lastStep) {}
}
