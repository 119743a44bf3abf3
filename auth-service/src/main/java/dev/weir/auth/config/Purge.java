package dev.weir.auth.config;

import dev.weir.auth.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes, every ten minutes, what has been of no use for a day: delivered messages, expired codes
 * and challenges, remembered answers. Sessions stay, and months of the audit log have their own
 * job.
 */
public final class Purge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration KEPT = Duration.ofDays(1);

  private final Database database;
  private final List<BiFunction<Database, Instant, Mono<Long>>> purges;
  private final InstantSource clock;
  private final Disposable running;

  Purge(
      Database database,
      List<BiFunction<Database, Instant, Mono<Long>>> purges,
      InstantSource clock) {
    this.database = database;
    this.purges = List.copyOf(purges);
    this.clock = clock;
    this.running =
        Flux.interval(EVERY, EVERY).onBackpressureDrop().concatMap(_ -> step(), 1).subscribe();
  }

  /** Returns how many rows went. */
  public Mono<Long> now() {
    var before = clock.instant().minus(KEPT);
    return Flux.fromIterable(purges)
        .concatMap(purge -> purge.apply(database, before))
        .reduce(0L, Long::sum);
  }

  private Mono<Long> step() {
    return now()
        .doOnError(e -> LOG.atDebug().addKeyValue("cause", e.toString()).log("purge put off"))
        .onErrorComplete();
  }

  @Override
  public void close() {
    running.dispose();
  }
}
