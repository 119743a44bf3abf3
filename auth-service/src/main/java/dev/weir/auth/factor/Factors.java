package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Authenticators, and the only writer of their table; every change is in the caller's transaction.
 * A code is good once: the row keeps the step of the last one, and the update that takes a code
 * names an earlier step, so that of two at once one is late.
 */
public final class Factors {
  public static final SealedColumn SEALED =
      SealedColumn.ofRow("auth.factors", "secret_ct", "factors.secret");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Keys keys;
  private final RecoveryCodes recovery;
  private final InstantSource clock;

  public Factors(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.recovery = new RecoveryCodes(database, keys, clock);
    this.clock = clock;
  }

  /** Begins an enrolment; one that was begun before and never confirmed is forgotten. */
  public Mono<Enrolment> enrol(UUID userId) {
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

  /** Makes an enrolment a factor, by its first code; comes back with fresh recovery codes. */
  public Mono<List<String>> confirm(UUID userId, UUID id, String code) {
    return stored(userId, "pending")
        .filter(stored -> stored.id().equals(id))
        .flatMap(stored -> take(stored, code))
        .filter(rows -> rows > 0)
        .flatMap(_ -> activate(id))
        .flatMap(_ -> recovery.renew(userId));
  }

  public Mono<Boolean> isRequired(UUID userId) {
    return of(
            """
            select exists (select 1 from auth.factors where user_id = :user and status = 'active')
              as required""",
            userId)
        .map(Row.as(row -> row.flag("required")))
        .one();
  }

  /** Tells whether somebody can prove more than a password, by an authenticator or a passkey. */
  public Mono<Boolean> isHeld(UUID userId) {
    return of(
            """
            select exists (select 1 from auth.factors where user_id = :user and status = 'active')
              or exists (select 1 from auth.passkeys where user_id = :user) as held""",
            userId)
        .map(Row.as(row -> row.flag("held")))
        .one();
  }

  public Mono<List<Factor>> list(UUID userId) {
    return of(
            """
            select id, type, created_at, last_used_at from auth.factors
            where user_id = :user and status = 'active' order by created_at""",
            userId)
        .map(Row.as(Factors::factor))
        .all()
        .collectList();
  }

  /** Takes a code of an authenticator or a recovery code; empty if it is neither, or was used. */
  public Mono<Method> check(UUID userId, String code) {
    return stored(userId, "active")
        .flatMap(stored -> take(stored, code))
        .filter(rows -> rows > 0)
        .map(_ -> Method.AUTHENTICATOR)
        .switchIfEmpty(
            recovery.use(userId, code).filter(rows -> rows > 0).map(_ -> Method.RECOVERY_CODE));
  }

  public Mono<List<String>> renewRecoveryCodes(UUID userId) {
    return recovery.renew(userId);
  }

  /** Removes one factor; without any, recovery codes are of no use either. */
  public Mono<Long> remove(UUID userId, UUID id) {
    return of("delete from auth.factors where user_id = :user and id = :id", userId)
        .bind("id", id)
        .fetch()
        .rowsUpdated()
        .delayUntil(rows -> rows > 0 ? recovery.forget(userId) : Mono.empty());
  }

  /** Removes everything beside the password: authenticators, recovery codes, passkeys. */
  public Mono<Long> removeAll(UUID userId) {
    return of("delete from auth.factors where user_id = :user", userId)
        .fetch()
        .rowsUpdated()
        .delayUntil(_ -> recovery.forget(userId))
        .zipWith(new Passkeys(database, clock).removeAll(userId), Long::sum);
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

  /** How somebody met a challenge. */
  public enum Method {
    AUTHENTICATOR,
    RECOVERY_CODE
  }
}
