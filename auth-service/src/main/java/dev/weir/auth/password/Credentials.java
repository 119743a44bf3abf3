package dev.weir.auth.password;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/** The only writer of stored passwords. */
public final class Credentials {
  private static final String WRITE =
      """
      update auth.credentials_password set phc = :phc, pepper_id = :pepper, changed_at = :now
      where user_id = :user""";

  private final Database database;
  private final InstantSource clock;

  public Credentials(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  public Mono<Void> create(UUID userId, StoredHash hash) {
    return database
        .sql(
            """
            insert into auth.credentials_password (user_id, phc, pepper_id, changed_at)
            values (:user, :phc, :pepper, :now)""")
        .bind("user", userId)
        .bind("phc", hash.phc())
        .bind("pepper", hash.pepperId())
        .bind("now", clock.instant())
        .then();
  }

  public Mono<StoredHash> find(UUID userId) {
    return database
        .sql("select phc, pepper_id from auth.credentials_password where user_id = :user")
        .bind("user", userId)
        .map(Row.as(row -> new StoredHash(row.text("phc"), row.text("pepper_id"))))
        .one();
  }

  /**
   * Gives a person another password, if the hash they proved to know is still the one in force; of
   * two changes at once, one gets nothing.
   */
  public Mono<Long> change(UUID userId, StoredHash proven, StoredHash fresh) {
    return written(
        database.sql(WRITE + " and phc = :old").bind("old", proven.phc()), userId, fresh);
  }

  /** Gives a person another password, whatever they had. */
  public Mono<Long> reset(UUID userId, StoredHash fresh) {
    return written(database.sql(WRITE), userId, fresh);
  }

  public Mono<Void> delete(UUID userId) {
    return database
        .sql("delete from auth.credentials_password where user_id = :user")
        .bind("user", userId)
        .then();
  }

  /**
   * Swaps a hash for a better one of the same password; a password that was changed meanwhile wins.
   */
  public Mono<Long> replace(UUID userId, StoredHash old, StoredHash fresh) {
    return database
        .sql(
            """
            update auth.credentials_password set phc = :phc, pepper_id = :pepper
            where user_id = :user and phc = :old""")
        .bind("phc", fresh.phc())
        .bind("pepper", fresh.pepperId())
        .bind("user", userId)
        .bind("old", old.phc())
        .fetch()
        .rowsUpdated();
  }

  private Mono<Long> written(GenericExecuteSpec write, UUID userId, StoredHash fresh) {
    return write
        .bind("phc", fresh.phc())
        .bind("pepper", fresh.pepperId())
        .bind("now", clock.instant())
        .bind("user", userId)
        .fetch()
        .rowsUpdated();
  }
}
