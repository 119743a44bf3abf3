package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Changes accounts, each in the caller's transaction. A change that shows in the representation
 * raises its version; one that expects a state names it and reports how many rows were in it.
 */
public final class AccountChanges {
  private final Database database;
  private final Keys keys;
  private final AddressIndex index;
  private final InstantSource clock;

  public AccountChanges(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.index = new AddressIndex(database, keys);
    this.clock = clock;
  }

  /**
   * Marks the address as proven, and a pending account as active; one that needs neither is left as
   * it is and reports 0.
   */
  public Mono<Long> verify(UUID id) {
    return count(
        now("""
                update auth.users set email_verified_at = :now, updated_at = :now,
                  version = version + 1,
                  status = case status when 'pending' then 'active' else status end
                where id = :id and status in ('pending', 'active') and email_verified_at is null""")
            .bind("id", id));
  }

  /** Writes the profile if nobody has changed the account since this version. */
  public Mono<Long> writeProfile(UUID id, long version, Profile profile) {
    return count(
        now("""
                update auth.users set profile_ct = :profile, version = version + 1,
                  updated_at = :now
                where id = :id and version = :version and status = 'active'""")
            .bind("profile", keys.seal(profile.pack(), Accounts.profilePlace(id)))
            .bind("id", id)
            .bind("version", version));
  }

  /**
   * Gives the account a proven address; one that another account has is a DuplicateKeyException.
   */
  public Mono<Long> writeAddress(UUID id, EmailAddress email) {
    var change =
        now("""
                update auth.users set email_ct = :ct, email_verified_at = :now, version = version + 1, updated_at = :now
                where id = :id and status = 'active'""")
            .bind("ct", keys.seal(Accounts.bytes(email.value()), Accounts.place(id)))
            .bind("id", id);
    return count(change)
        .delayUntil(rows -> rows == 0 ? Mono.empty() : index.remove(id).then(index.add(id, email)));
  }

  /** Moves an account from one standing to another. */
  public Mono<Long> move(UUID id, AccountStatus from, AccountStatus to) {
    return count(
        now("""
                update auth.users set status = :to, version = version + 1, updated_at = :now
                where id = :id and status = :from""")
            .bind("to", to.column())
            .bind("from", from.column())
            .bind("id", id));
  }

  /**
   * Overwrites what told who this was; the row stays, so that the audit log still names someone.
   */
  public Mono<Long> erase(UUID id) {
    var erasure =
        now("""
                update auth.users set status = 'deleted', email_ct = :nothing, profile_ct = null, email_verified_at = null, version = version + 1,
                  updated_at = :now
                where id = :id and status <> 'deleted'""")
            .bind("nothing", keys.seal(new byte[0], Accounts.place(id)))
            .bind("id", id);
    return count(erasure).delayUntil(rows -> rows == 0 ? Mono.empty() : index.remove(id));
  }

  /**
   * Gives a role; having it already reports 0, and one that does not exist is an integrity fault.
   */
  public Mono<Long> grant(UUID id, String role) {
    var insert =
        database
            .sql(
                "insert into auth.user_roles (user_id, role) values (:id, :role) on conflict do nothing")
            .bind("id", id)
            .bind("role", role);
    return count(insert).delayUntil(rows -> touch(id, rows));
  }

  public Mono<Long> take(UUID id, String role) {
    var delete =
        database
            .sql("delete from auth.user_roles where user_id = :id and role = :role")
            .bind("id", id)
            .bind("role", role);
    return count(delete).delayUntil(rows -> touch(id, rows));
  }

  public Mono<Boolean> isRole(String role) {
    return database
        .sql("select exists (select 1 from auth.roles where name = :role) as known")
        .bind("role", role)
        .map(Row.as(row -> row.flag("known")))
        .one();
  }

  private Mono<Long> touch(UUID id, long changed) {
    return changed == 0
        ? Mono.just(0L)
        : count(
            now("update auth.users set version = version + 1, updated_at = :now where id = :id")
                .bind("id", id));
  }

  private GenericExecuteSpec now(String sql) {
    return database.sql(sql).bind("now", clock.instant());
  }

  private static Mono<Long> count(GenericExecuteSpec statement) {
    return statement.fetch().rowsUpdated();
  }
}
