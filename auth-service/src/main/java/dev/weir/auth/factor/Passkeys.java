package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/** Passkeys in their table; every change is in the caller's transaction. */
public final class Passkeys {
  /** What one person may have. */
  public static final int MOST = 20;

  private final Database database;
  private final InstantSource clock;

  public Passkeys(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  public Mono<List<Passkey>> list(UUID userId) {
    return of(
            """
            select id, name, backed_up, created_at, last_used_at from auth.passkeys
            where user_id = :user order by created_at, id""",
            userId)
        .map(Row.as(Passkeys::passkey))
        .all()
        .collectList();
  }

  /** Returns what a person's authenticators know their passkeys by. */
  public Mono<List<Descriptor>> descriptors(UUID userId) {
    return of("select credential_id, transports from auth.passkeys where user_id = :user", userId)
        .map(Row.as(row -> new Descriptor(row.bytes("credential_id"), row.texts("transports"))))
        .all()
        .collectList();
  }

  public Mono<StoredPasskey> find(byte[] credentialId) {
    return database
        .sql(
            """
            select id, user_id, credential, sign_count, backup_eligible, backed_up
            from auth.passkeys where credential_id = :credential""")
        .bind("credential", credentialId)
        .map(Row.as(Passkeys::stored))
        .one();
  }

  /**
   * Takes a person's place for one more passkey for the rest of the transaction, so that two at
   * once are counted one after the other; empty where there is no room.
   */
  public Mono<Long> place(UUID userId) {
    return of("select pg_advisory_xact_lock(hashtextextended(cast(:user as text), 3))", userId)
        .then()
        .then(
            of("select count(*) as held from auth.passkeys where user_id = :user", userId)
                .map(Row.as(row -> row.number("held")))
                .one())
        .filter(held -> held < MOST);
  }

  /** Adds a passkey; empty where it is somebody's already. */
  public Mono<UUID> add(UUID userId, NewPasskey passkey, String name) {
    var id = UUID.randomUUID();
    return of(
            """
            insert into auth.passkeys (id, user_id, credential_id, credential, sign_count,
              backup_eligible, backed_up, transports, name, created_at)
            values (:id, :user, :credentialId, :credential, :count, :eligible, :backed, :transports,
              :name, :now)
            on conflict (credential_id) do nothing""",
            userId)
        .bind("id", id)
        .bind("credentialId", passkey.credentialId())
        .bind("credential", passkey.credential())
        .bind("count", passkey.signCount())
        .bind("eligible", passkey.backupEligible())
        .bind("backed", passkey.backedUp())
        .bind("transports", passkey.transports().toArray(String[]::new))
        .bind("name", name)
        .bind("now", clock.instant())
        .fetch()
        .rowsUpdated()
        .filter(rows -> rows > 0)
        .map(_ -> id);
  }

  /**
   * Notes a use. An authenticator that counts has to count up, also when two uses overlap; one that
   * does not says 0 always.
   */
  public Mono<Long> used(StoredPasskey passkey, long signCount, boolean backedUp) {
    return database
        .sql(
            """
            update auth.passkeys set sign_count = :count, backed_up = :backed, last_used_at = :now
            where id = :id and (sign_count < :count or (sign_count = 0 and :count = 0))""")
        .bind("count", signCount)
        .bind("backed", backedUp)
        .bind("now", clock.instant())
        .bind("id", passkey.id())
        .fetch()
        .rowsUpdated();
  }

  public Mono<Long> rename(UUID userId, UUID id, String name) {
    return of("update auth.passkeys set name = :name where user_id = :user and id = :id", userId)
        .bind("name", name)
        .bind("id", id)
        .fetch()
        .rowsUpdated();
  }

  public Mono<Long> remove(UUID userId, UUID id) {
    return of("delete from auth.passkeys where user_id = :user and id = :id", userId)
        .bind("id", id)
        .fetch()
        .rowsUpdated();
  }

  Mono<Long> removeAll(UUID userId) {
    return of("delete from auth.passkeys where user_id = :user", userId).fetch().rowsUpdated();
  }

  private GenericExecuteSpec of(String sql, UUID userId) {
    return database.sql(sql).bind("user", userId);
  }

  private static Passkey passkey(Row row) {
    return new Passkey(
        row.id("id"),
        row.text("name"),
        row.flag("backed_up"),
        row.instant("created_at"),
        row.optionalInstant("last_used_at"));
  }

  private static StoredPasskey stored(Row row) {
    return new StoredPasskey(
        row.id("id"),
        row.id("user_id"),
        row.bytes("credential"),
        row.number("sign_count"),
        row.flag("backup_eligible"),
        row.flag("backed_up"));
  }
}
