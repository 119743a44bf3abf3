package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The only writer of the users table and of who has which role. */
public final class Accounts {
  private static final String NEWCOMER_ROLE = "customer";
  private static final String SELECT =
      """
      select u.id, u.status, u.user_epoch, u.version,
        coalesce(array_agg(distinct ur.role) filter (where ur.role is not null), '{}') as roles,
        coalesce(array_agg(distinct rs.scope) filter (where rs.scope is not null), '{}') as scopes
      from auth.users u
        left join auth.user_roles ur on ur.user_id = u.id
        left join auth.role_scopes rs on rs.role = ur.role
      where u.status <> 'deleted' and %s group by u.id""";

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  public Accounts(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Inserts a newcomer; the unique index decides who was first, and the loser sees a
   * DuplicateKeyException.
   */
  public Mono<Account> create(EmailAddress email, AccountStatus status) {
    var now = clock.instant();
    var id = TimeOrderedId.at(now);
    var index = keys.tag(KeyUse.BLIND_INDEX, bytes(email.value()));
    var user =
        database
            .sql(
                """
                insert into auth.users
                  (id, email_ct, email_bidx, email_bidx_key, status, created_at, updated_at)
                values (:id, :ct, :bidx, :key, :status, :now, :now)""")
            .bind("id", id)
            .bind("ct", keys.seal(bytes(email.value()), place(id)))
            .bind("bidx", index.bytes())
            .bind("key", index.kid())
            .bind("status", status.column())
            .bind("now", now)
            .then();
    return user.then(grant(id)).then(Mono.defer(() -> find(id)));
  }

  public Mono<Account> findByEmail(EmailAddress email) {
    return database
        .sql(SELECT.formatted("u.email_bidx = :bidx"))
        .bind("bidx", keys.tag(KeyUse.BLIND_INDEX, bytes(email.value())).bytes())
        .map(Row.as(Accounts::account))
        .one();
  }

  public Mono<Account> find(UUID id) {
    return database
        .sql(SELECT.formatted("u.id = :id"))
        .bind("id", id)
        .map(Row.as(Accounts::account))
        .one();
  }

  /**
   * Finds the person of a session that has not been ended, in one look at both. An epoch that was
   * read apart from the session may be that of a later end of all sessions, and a token minted with
   * it would outlive that end at the gateways.
   */
  public Mono<Account> findForSession(UUID sessionId) {
    return database
        .sql(
            SELECT.formatted(
                "u.id = (select user_id from auth.sessions where id = :id and status = 'active')"))
        .bind("id", sessionId)
        .map(Row.as(Accounts::account))
        .one();
  }

  public Mono<String> address(UUID id) {
    return database
        .sql("select email_ct from auth.users where id = :id")
        .bind("id", id)
        .map(Row.as(row -> row.bytes("email_ct")))
        .one()
        .map(stored -> new String(keys.open(stored, place(id)), StandardCharsets.UTF_8));
  }

  /** Marks a pending account as proven; one that is not pending is left as it is and reports 0. */
  public Mono<Long> activate(UUID id) {
    return database
        .sql(
            """
            update auth.users set status = 'active', email_verified_at = :now, updated_at = :now,
              version = version + 1
            where id = :id and status = 'pending'""")
        .bind("now", clock.instant())
        .bind("id", id)
        .fetch()
        .rowsUpdated();
  }

  /** Raises the epoch, which ends every access token minted before; returns the new one. */
  public Mono<Long> raiseEpoch(UUID id) {
    return database
        .sql(
            """
            update auth.users set user_epoch = user_epoch + 1, epoch_raised_at = :now,
              updated_at = :now
            where id = :id returning user_epoch""")
        .bind("now", clock.instant())
        .bind("id", id)
        .map(Row.as(row -> row.number("user_epoch")))
        .one();
  }

  private Mono<Void> grant(UUID id) {
    return database
        .sql("insert into auth.user_roles (user_id, role) values (:id, :role)")
        .bind("id", id)
        .bind("role", NEWCOMER_ROLE)
        .then();
  }

  private static Account account(Row row) {
    return new Account(
        row.id("id"),
        AccountStatus.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
        row.number("user_epoch"),
        row.number("version"),
        row.texts("roles"),
        row.texts("scopes"));
  }

  private static String place(UUID id) {
    return "users.email:" + id;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
