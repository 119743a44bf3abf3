package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.Renewal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives every address its digest under a key that is about to be looked up by. An account's row is
 * held while its digest is added, so that an address which is changed meanwhile does not get the
 * digest of the old one.
 */
public final class AddressIndexRenewal implements Renewal {
  private static final int BATCH = 200;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;
  private final Keys keys;
  private final AddressIndex index;

  public AddressIndexRenewal(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
    this.index = new AddressIndex(database, keys);
  }

  @Override
  public KeyUse use() {
    return KeyUse.BLIND_INDEX;
  }

  @Override
  public Mono<Long> renew() {
    return step(FIRST)
        .expand(step -> step.met() < BATCH ? Mono.empty() : step(step.last()))
        .map(Step::met)
        .reduce(0L, Long::sum);
  }

  /** Deletes what is under keys that nobody looks up by any more. */
  @Override
  public Mono<Long> clear() {
    return database.run(
        database
            .sql(
                """
                delete from auth.email_index where key_id in
                  (select kid from auth.keys where use = 'blind_index' and state = 'retired')""")
            .fetch()
            .rowsUpdated());
  }

  private Mono<Step> step(UUID after) {
    var work =
        incomplete(after)
            .flatMap(
                batch ->
                    Flux.fromIterable(batch)
                        .concatMap(missing -> index.complete(missing.id(), missing.email()))
                        .then(Mono.just(Step.of(batch, after))));
    return database.inTransaction(work);
  }

  private Mono<List<Missing>> incomplete(UUID after) {
    var kids = keys.tags(KeyUse.BLIND_INDEX).stream().map(Keys.Tag::kid).toArray(String[]::new);
    return database
        .sql(
            """
            select u.id, u.email_ct from auth.users u
            where u.id > :after and u.status <> 'deleted'
              and (select count(*) from auth.email_index i
                where i.user_id = u.id and i.key_id = any(:kids)) < :expected
            order by u.id limit :size for share of u""")
        .bind("after", after)
        .bind("kids", kids)
        .bind("expected", kids.length)
        .bind("size", BATCH)
        .map(Row.as(this::missing))
        .all()
        .collectList();
  }

  private Missing missing(Row row) {
    var id = row.id("id");
    var email = keys.open(row.bytes("email_ct"), Accounts.place(id));
    return new Missing(id, new EmailAddress(new String(email, StandardCharsets.UTF_8)));
  }

  private record Missing(UUID id, EmailAddress email) {}

  private record Step(long met, UUID last) {
    static Step of(List<Missing> batch, UUID before) {
      return new Step(batch.size(), batch.isEmpty() ? before : batch.getLast().id());
    }
  }
}
