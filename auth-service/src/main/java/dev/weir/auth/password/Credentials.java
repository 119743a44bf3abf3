package dev.weir.auth.password;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.InstantSource;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The only writer of stored passwords. */
public final class Credentials {
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
}
