package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells by a keyed digest whose an address is, and the only writer of that table. While a key is
 * being replaced an address has a row under each key that some instance may look it up by, so that
 * every instance finds it, and finds it taken.
 */
final class AddressIndex {
  private final Database database;
  private final Keys keys;

  AddressIndex(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
  }

  byte[] digest(EmailAddress email) {
    return keys.tag(KeyUse.BLIND_INDEX, Accounts.bytes(email.value())).bytes();
  }

  /** Adds an address that nobody has; one that somebody has is a DuplicateKeyException. */
  Mono<Void> add(UUID userId, EmailAddress email) {
    return Flux.fromIterable(keys.tags(KeyUse.BLIND_INDEX, Accounts.bytes(email.value())))
        .concatMap(tag -> insert(userId, tag, ""))
        .then();
  }

  Mono<Void> remove(UUID userId) {
    return database
        .sql("delete from auth.email_index where user_id = :user")
        .bind("user", userId)
        .then();
  }

  /** Adds what is missing of somebody's address, whose row the caller holds. */
  Mono<Void> complete(UUID userId, EmailAddress email) {
    return Flux.fromIterable(keys.tags(KeyUse.BLIND_INDEX, Accounts.bytes(email.value())))
        .concatMap(tag -> insert(userId, tag, " on conflict do nothing"))
        .then();
  }

  private Mono<Void> insert(UUID userId, Keys.Tag tag, String otherwise) {
    return database
        .sql(
            "insert into auth.email_index (digest, user_id, key_id) values (:digest, :user, :key)"
                + otherwise)
        .bind("digest", tag.bytes())
        .bind("user", userId)
        .bind("key", tag.kid())
        .then();
  }
}
