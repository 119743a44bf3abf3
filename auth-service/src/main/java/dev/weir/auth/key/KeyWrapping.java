package dev.weir.auth.key;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.security.GeneralSecurityException;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Opens stored keys, and brings them under the current key-encryption key. */
final class KeyWrapping {
  private final Database database;
  private final Keks keks;

  KeyWrapping(Database database, Keks keks) {
    this.database = database;
    this.keks = keks;
  }

  byte[] open(Row row) {
    return open(Wrapped.of(row));
  }

  /** Stores every key anew that is under another one, in the caller's transaction. */
  Mono<Long> renew() {
    var others =
        database
            .sql("select kid, private_ct, kek_id from auth.keys where kek_id is distinct from :kek")
            .bind("kek", keks.current().id())
            .map(Row.as(Wrapped::of))
            .all()
            // All of them first: the connection has one statement under way at a time.
            .collectList();
    return others.flatMapMany(Flux::fromIterable).concatMap(this::renew).count();
  }

  private Mono<String> renew(Wrapped key) {
    return database
        .sql("update auth.keys set private_ct = :secret, kek_id = :kek where kid = :kid")
        .bind("secret", keks.current().wrap(open(key), key.kid()))
        .bind("kek", keks.current().id())
        .bind("kid", key.kid())
        .then()
        .thenReturn(key.kid());
  }

  private byte[] open(Wrapped key) {
    try {
      return keks.unwrap(key.kekId(), key.bytes(), key.kid());
    } catch (GeneralSecurityException e) {
      throw new UnreadableKey(key.kid(), e);
    }
  }

  /** A key as it is stored. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Wrapped(String kid, byte[] bytes, Optional<String> kekId) {
    static Wrapped of(Row row) {
      return new Wrapped(row.text("kid"), row.bytes("private_ct"), row.optionalText("kek_id"));
    }
  }
}
