package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import dev.weir.auth.password.StoredHash;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Creates and finds accounts; the only writer of the users table and of who has which role,
 * together with {@link AccountChanges}.
 */
public final class Accounts {
  public static final List<SealedColumn> SEALED =
      List.of(
          SealedColumn.ofRow("auth.users", "email_ct", "users.email"),
          SealedColumn.ofRow("auth.users", "profile_ct", "users.profile"));

  private static final String NEWCOMER_ROLE = "customer";

  private final Database database;
  private final Keys keys;
  private final AddressIndex index;
  private final InstantSource clock;

  public Accounts(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.index = new AddressIndex(database, keys);
    this.clock = clock;
  }

  /**
   * Inserts a newcomer; the address's digest decides who was first, and the loser sees a
   * DuplicateKeyException.
   */
  public Mono<Account> create(EmailAddress email, AccountStatus status) {
    var now = clock.instant();
    var id = TimeOrderedId.at(now);
    var user =
        database
            .sql(
                """
                insert into auth.users
                  (id, email_ct, status, created_at, updated_at)
                values (:id, :ct, :status, :now, :now)""")
            .bind("id", id)
            .bind("ct", keys.seal(bytes(email.value()), place(id)))
            .bind("status", status.column())
            .bind("now", now)
            .then();
    return user.then(index.add(id, email)).then(grant(id)).then(Mono.defer(() -> find(id)));
  }

  public Mono<Account> findByEmail(EmailAddress email) {
    return database
        .sql(AccountQuery.of(AccountQuery.BY_EMAIL))
        .bind("digest", index.digest(email))
        .map(Row.as(AccountQuery::account))
        .one();
  }

  /** Finds a person and what their password is checked against, in one look at both. */
  public Mono<Known> findWithHash(EmailAddress email) {
    return database
        .sql(AccountQuery.withHash(AccountQuery.BY_EMAIL))
        .bind("digest", index.digest(email))
        .map(Row.as(row -> new Known(AccountQuery.account(row), hash(row))))
        .one();
  }

  private static Optional<StoredHash> hash(Row row) {
    return row.optionalText("phc").map(phc -> new StoredHash(phc, row.text("pepper_id")));
  }

  /** A person, and the hash of their password where they have one. */
  public record Known(Account account, Optional<StoredHash> hash) {}

  public Mono<Account> find(UUID id) {
    return database
        .sql(AccountQuery.of(AccountQuery.BY_ID))
        .bind("id", id)
        .map(Row.as(AccountQuery::account))
        .one();
  }

  /**
   * Finds the person of a session that has not been ended, in one look at both. An epoch that was
   * read apart from the session may be that of a later end of all sessions, and a token minted with
   * it would outlive that end at the gateways.
   */
  public Mono<Account> findForSession(UUID sessionId) {
    return database
        .sql(AccountQuery.of(AccountQuery.BY_SESSION))
        .bind("id", sessionId)
        .map(Row.as(AccountQuery::account))
        .one();
  }

  /** Finds a person with address and profile. */
  public Mono<AccountDetails> details(UUID id) {
    return database
        .sql(
            AccountQuery.with(
                "u.email_ct, u.email_verified_at, u.profile_ct, u.created_at,", AccountQuery.BY_ID))
        .bind("id", id)
        .map(Row.as(this::details))
        .one();
  }

  /**
   * Holds the person's row for the caller's transaction if they may still log in under this epoch:
   * what ends all sessions, changes the password or disables the account has to wait, and then ends
   * what this transaction opened as well.
   */
  public Mono<UUID> hold(Account account) {
    return held(account, "for share");
  }

  /**
   * Holds the row as {@link #hold} does, and alone: also of two such transactions one waits for the
   * other, and then sees what it did.
   */
  public Mono<UUID> holdAlone(Account account) {
    return held(account, "for no key update");
  }

  private Mono<UUID> held(Account account, String lock) {
    return database
        .sql(
            """
            select id from auth.users where id = :id and user_epoch = :epoch and status = 'active'
            """
                + lock)
        .bind("id", account.id())
        .bind("epoch", account.epoch())
        .map(Row.as(row -> row.id("id")))
        .one();
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

  private AccountDetails details(Row row) {
    var account = AccountQuery.account(row);
    return new AccountDetails(
        account,
        new String(keys.open(row.bytes("email_ct"), place(account.id())), StandardCharsets.UTF_8),
        row.optionalInstant("email_verified_at"),
        row.instant("created_at"),
        row.optionalBytes("profile_ct")
            .map(ct -> Profile.unpack(keys.open(ct, profilePlace(account.id()))))
            .orElse(Profile.EMPTY));
  }

  static String place(UUID id) {
    return "users.email:" + id;
  }

  static String profilePlace(UUID id) {
    return "users.profile:" + id;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
