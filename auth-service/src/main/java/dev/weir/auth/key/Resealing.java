package dev.weir.auth.key;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.observe.AuthMetrics;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Walks every sealed column by primary key, in short transactions, and seals anew what is under
 * another key than the active one. A value is replaced only if it is still the one that was read,
 * so that this may run beside anything, also beside itself on another instance; and it may stop
 * anywhere, because what is done shows in the values.
 */
public final class Resealing implements Renewal {
  private static final int BATCH = 200;

  private final Database database;
  private final Keys keys;
  private final List<SealedColumn> columns;
  private final AuthMetrics metrics;

  public Resealing(Database database, Keys keys, List<SealedColumn> columns, AuthMetrics metrics) {
    this.database = database;
    this.keys = keys;
    this.columns = List.copyOf(columns);
    this.metrics = metrics;
  }

  @Override
  public KeyUse use() {
    return KeyUse.FIELD;
  }

  @Override
  public Mono<Long> renew() {
    return Flux.fromIterable(columns).concatMap(this::walk).reduce(0L, Long::sum);
  }

  private Mono<Long> walk(SealedColumn column) {
    return step(column, column.idType().lowest())
        .expand(step -> step.isLast() ? Mono.empty() : step(column, step.last()))
        .map(Step::resealed)
        .reduce(0L, Long::sum);
  }

  private Mono<Step> step(SealedColumn column, String after) {
    var values =
        database
            .sql(column.batch(BATCH))
            .bind("after", after)
            .map(Row.as(row -> new Sealed(row.text("id"), row.bytes("sealed"))))
            .all()
            .collectList();
    return database.run(values).flatMap(batch -> resealed(column, batch));
  }

  private Mono<Step> resealed(SealedColumn column, List<Sealed> batch) {
    var old = batch.stream().filter(value -> !keys.isCurrent(value.bytes())).toList();
    var last = batch.size() < BATCH ? "" : batch.getLast().id();
    var step = new Step(last, old.size());
    var work = Flux.fromIterable(old).concatMap(value -> replace(column, value));
    return old.isEmpty() ? Mono.just(step) : database.inTransaction(work.then(Mono.just(step)));
  }

  private Mono<Void> replace(SealedColumn column, Sealed value) {
    var place = column.place().apply(value.id());
    return database
        .sql(column.replacement())
        .bind("fresh", keys.seal(keys.open(value.bytes(), place), place))
        .bind("id", value.id())
        .bind("old", value.bytes())
        .fetch()
        .rowsUpdated()
        .doOnNext(metrics::resealed)
        .then();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the class
  private record Sealed(String id, byte[] bytes) {}

  private record Step(String last, long resealed) {
    boolean isLast() {
      return last.isEmpty();
    }
  }
}
