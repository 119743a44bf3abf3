package dev.weir.auth.password;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.Renewal;
import reactor.core.publisher.Mono;

/**
 * Counts the passwords that are stored over an old pepper. Nobody can renew them but their holders,
 * at their next login, so an old pepper stays for as long as one of them does not come.
 */
public final class PepperRenewal implements Renewal {
  private final Database database;
  private final Keys keys;

  public PepperRenewal(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
  }

  @Override
  public KeyUse use() {
    return KeyUse.PEPPER;
  }

  @Override
  public Mono<Long> renew() {
    return database.run(
        database
            .sql(
                """
                select count(*) as old from auth.credentials_password
                where pepper_id not in (:now, :none)""")
            .bind("now", keys.tag(KeyUse.PEPPER).kid())
            .bind("none", StoredHash.NO_PEPPER)
            .map(Row.as(row -> row.number("old")))
            .one());
  }
}
