package dev.weir.auth.key;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Keeps the keys in Postgres, their secret parts wrapped, and is the only writer of that table. */
public final class KeyStore {
  /** Any constant does: it only has to be the same in every instance. */
  private static final long ROTATION_LOCK = 0x5745_4952_4b45_5953L;

  private final Database database;
  private final Keks keks;
  private final KeyWrapping wrapping;
  private final KeyPace pace;
  private final InstantSource clock;

  public KeyStore(Database database, Keks keks, KeyPace pace, InstantSource clock) {
    this.database = database;
    this.keks = keks;
    this.wrapping = new KeyWrapping(database, keks);
    this.pace = pace;
    this.clock = clock;
  }

  /**
   * Makes whatever is missing or due and returns the ring; instances that do this at once wait for
   * each other.
   */
  public Mono<KeyRing> rotateWhenDue() {
    return rotate((keys, now) -> KeyRotation.due(keys, pace, now));
  }

  /** Puts the next signing key to use now, whatever the age of the old one, or makes a next key. */
  public Mono<KeyRing> rotateNow(KeyUse use) {
    return rotate((keys, now) -> KeyRotation.forced(keys, use, pace, now));
  }

  /**
   * Retires a key now that has been succeeded and that nothing is stored under; else does nothing.
   */
  public Mono<KeyRing> withdraw(String kid) {
    return rotate((keys, _) -> KeyRotation.withdrawn(keys, kid));
  }

  /**
   * Stores every key under the current key-encryption key, also those that are retired: the old one
   * is then of no use to anybody.
   */
  public Mono<Long> rewrap() {
    return database.inTransaction(lock().then(wrapping.renew()));
  }

  /**
   * Retires the keys of this use that nothing is under. {@code looked} is when somebody began to
   * look: a key that had not been retiring for a while by then may have been written under since.
   */
  Mono<Long> retire(KeyUse use, Instant looked) {
    return database.run(
        database
            .sql(
                """
                update auth.keys set state = 'retired', state_since = :now
                where use = :use and state = 'retiring' and state_since <= :before""")
            .bind("now", clock.instant())
            .bind("use", use.column())
            .bind("before", looked.minus(KeyRotation.LINGER))
            .fetch()
            .rowsUpdated());
  }

  /**
   * Puts the next key of this use in the place of the active one, if every instance knows it.
   * {@code looked} is when somebody began to look whether everything is there under it.
   */
  Mono<Long> promote(KeyUse use, Instant looked) {
    var before = looked.minus(KeyRotation.AHEAD);
    var work =
        lock()
            .then(load())
            .flatMapMany(keys -> Flux.fromIterable(KeyRotation.promotion(keys, use, before)))
            .concatMap(change -> apply(change).thenReturn(change))
            .count();
    return database.inTransaction(work);
  }

  /** Lists every key without its secret, oldest first. */
  public Mono<List<KeyFacts>> list() {
    return database.run(
        database
            .sql(
                """
                select kid, use, state, state_since, coalesce(kek_id, '-') as kek_id
                from auth.keys order by use, state_since""")
            .map(Row.as(KeyFacts::of))
            .all()
            .collectList());
  }

  private Mono<KeyRing> rotate(BiFunction<List<StoredKey>, Instant, List<KeyChange>> plan) {
    var work =
        lock()
            .then(load())
            .flatMapMany(keys -> Flux.fromIterable(plan.apply(keys, clock.instant())))
            .concatMap(this::apply)
            .then(load())
            .map(KeyRing::new);
    return database.inTransaction(work);
  }

  private Mono<Void> lock() {
    return database
        .sql("select pg_advisory_xact_lock(:id)")
        .bind("id", ROTATION_LOCK)
        .fetch()
        .first()
        .then();
  }

  private Mono<List<StoredKey>> load() {
    return database
        .sql(
            """
            select kid, use, state, private_ct, kek_id, state_since from auth.keys
            where state <> 'retired' or use in ('field', 'pepper', 'blind_index', 'audit')
            order by state_since""")
        .map(Row.as(this::key))
        .all()
        .collectList();
  }

  private StoredKey key(Row row) {
    var use = KeyUse.valueOf(row.text("use").toUpperCase(Locale.ROOT));
    if (!use.isOf(row.text("kid"))) {
      throw UnreadableKey.ofAnotherUse(row.text("kid"));
    }
    return new StoredKey(
        row.text("kid"),
        use,
        KeyState.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        wrapping.open(row),
        row.instant("state_since"));
  }

  private Mono<Void> apply(KeyChange change) {
    return switch (change) {
      case KeyChange.Create create -> create(create);
      case KeyChange.Move move -> move(move);
    };
  }

  private Mono<Void> create(KeyChange.Create create) {
    return Mono.fromCallable(() -> KeySecret.fresh(create.use()))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(secret -> insert(create, secret));
  }

  private Mono<Void> insert(KeyChange.Create create, byte[] secret) {
    var kid = create.use().letter() + HexFormat.of().formatHex(KeySecret.random(8));
    return database
        .sql(
            """
            insert into auth.keys (kid, use, alg, state, private_ct, kek_id, state_since)
            values (:kid, :use, :alg, :state, :secret, :kek, :now)""")
        .bind("kek", keks.current().id())
        .bind("kid", kid)
        .bind("use", create.use().column())
        .bind("alg", create.use() == KeyUse.SIGN ? "RS256" : "-")
        .bind("state", create.state().column())
        .bind("secret", keks.current().wrap(secret, kid))
        .bind("now", clock.instant())
        .then();
  }

  private Mono<Void> move(KeyChange.Move move) {
    return database
        .sql("update auth.keys set state = :state, state_since = :now where kid = :kid")
        .bind("state", move.to().column())
        .bind("now", clock.instant())
        .bind("kid", move.kid())
        .then();
  }
}
