package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Opens connections to whichever of several hosts can be written to. The one that was the primary
 * last is asked first, then the others in turn, each for a bounded while. The driver's own list of
 * hosts does neither: it asks in the written order each time, and one that takes a connection and
 * says nothing more holds it up for ever.
 *
 * <p>A host that can be written to and is on an older timeline than one that was met before is an
 * old primary, and passed over as well. It is not looked for where the one asked first can be
 * written to: a start asks all of them ({@link StartConnections}).
 *
 * <p>A connection that comes after its time is closed: by the driver while it logs in, by us while
 * it says whether it may write. A host that never says a word keeps its socket until it dies or
 * speaks. Those are few: as many as it takes into its backlog, and it is asked only while no other
 * host is the primary.
 */
final class PrimaryConnections implements ConnectionFactory {
  /** Of one host, for a connection, and then for whether it is the primary. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  /** A host, and the driver's way to it. */
  record Candidate(Host host, PostgresqlConnectionFactory driver) {}

  private final List<Candidate> hosts;

  /** The newest line of history that was met on any road; a single word that only grows. */
  private final AtomicLong newest;

  /** The index of the host that was the primary last; a single word, so always a whole one. */
  private final AtomicInteger last = new AtomicInteger();

  /**
   * Looks for the primary among these.
   *
   * @param newest the timeline that it is on, as far as anybody knows yet
   */
  PrimaryConnections(List<Candidate> hosts, AtomicLong newest) {
    this.hosts = List.copyOf(hosts);
    this.newest = newest;
  }

  @Override
  public Mono<Connection> create() {
    return Mono.defer(
        () -> {
          int first = last.get();
          // Filled by one host after the other, never by two at once.
          var passedOver = new ArrayList<PassedOver>();
          return Flux.range(0, hosts.size())
              .map(turn -> (first + turn) % hosts.size())
              .concatMap(index -> primary(index, passedOver))
              .next()
              .switchIfEmpty(Mono.error(() -> none(passedOver)));
        });
  }

  private static R2dbcTransientResourceException none(List<PassedOver> hosts) {
    return new R2dbcTransientResourceException("no host is a primary: " + PassedOver.all(hosts));
  }

  /** A host that is no primary, cannot be reached or does not let us in is passed over. */
  private Mono<Connection> primary(int index, List<PassedOver> passedOver) {
    var host = hosts.get(index);
    return host.driver()
        .create()
        .timeout(PATIENCE)
        .flatMap(connection -> ifPrimary(connection, index, passedOver))
        .onErrorResume(
            error -> {
              passedOver.add(PassedOver.after(host.host(), error));
              return Mono.empty();
            });
  }

  private Mono<Connection> ifPrimary(
      PostgresqlConnection connection, int index, List<PassedOver> passedOver) {
    // Whoever sets it decides about the connection: it is passed on, or closed, once.
    var isDecided = new AtomicBoolean();
    return fault(connection, index)
        .timeout(PATIENCE)
        .doOnNext(fault -> fault.ifPresent(passedOver::add))
        .filter(fault -> fault.isEmpty() && isDecided.compareAndSet(false, true))
        .map(_ -> passedOn(connection, index))
        .doFinally(_ -> closeUnless(isDecided, connection));
  }

  /** Returns why a host is not the primary; nothing where it is. */
  private Mono<Optional<PassedOver>> fault(PostgresqlConnection connection, int index) {
    return asked(connection, "show transaction_read_only")
        .flatMap(
            readOnly ->
                readOnly.equals("off")
                    ? timeline(connection).map(timeline -> old(index, timeline))
                    : Mono.just(Optional.of(PassedOver.readOnly(hosts.get(index).host()))));
  }

  private static Mono<Long> timeline(PostgresqlConnection connection) {
    return asked(connection, Timeline.SQL)
        .map(Timeline::parse)
        .onErrorResume(
            error ->
                error instanceof R2dbcNonTransientException
                    && !(error instanceof R2dbcNonTransientResourceException),
            _ -> Mono.just(Timeline.UNKNOWN));
  }

  private Optional<PassedOver> old(int index, long timeline) {
    long highest = newest.accumulateAndGet(timeline, Math::max);
    return Timeline.isOld(timeline, highest)
        ? Optional.of(PassedOver.old(hosts.get(index).host(), timeline, highest))
        : Optional.empty();
  }

  private static Mono<String> asked(PostgresqlConnection connection, String question) {
    return connection
        .createStatement(question)
        .execute()
        .flatMap(result -> result.map((row, _) -> String.valueOf(row.get(0, String.class))))
        .single();
  }

  /** Detached, because a close that is cancelled leaves the socket open for good. */
  private static void closeUnless(AtomicBoolean isDecided, PostgresqlConnection connection) {
    if (isDecided.compareAndSet(false, true)) {
      connection.close().onErrorComplete().subscribe();
    }
  }

  private Connection passedOn(PostgresqlConnection connection, int index) {
    last.set(index);
    return connection;
  }

  @Override
  public ConnectionFactoryMetadata getMetadata() {
    return hosts.getFirst().driver().getMetadata();
  }
}
