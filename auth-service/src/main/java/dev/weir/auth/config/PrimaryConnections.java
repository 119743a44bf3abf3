package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Opens connections to whichever of several hosts can be written to. The one that was the primary
 * last is asked first, then the others in turn, each for a bounded while. The driver's own list of
 * hosts does neither: it asks in the written order each time, and one that takes a connection and
 * says nothing more holds it up for ever.
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

  /** The index of the host that was the primary last; a single word, so always a whole one. */
  private final AtomicInteger last = new AtomicInteger();

  PrimaryConnections(List<Candidate> hosts) {
    this.hosts = List.copyOf(hosts);
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
        .flatMap(connection -> ifWritable(connection, index, passedOver))
        .onErrorResume(
            error -> {
              passedOver.add(PassedOver.after(host.host(), error));
              return Mono.empty();
            });
  }

  private Mono<Connection> ifWritable(
      PostgresqlConnection connection, int index, List<PassedOver> passedOver) {
    // Whoever sets it decides about the connection: it is passed on, or closed, once.
    var isDecided = new AtomicBoolean();
    return connection
        .createStatement("show transaction_read_only")
        .execute()
        .flatMap(result -> result.map((row, _) -> "off".equals(row.get(0, String.class))))
        .single()
        .timeout(PATIENCE)
        .filter(isWritable -> isWritable && isDecided.compareAndSet(false, true))
        .map(_ -> passedOn(connection, index))
        .switchIfEmpty(Mono.fromRunnable(() -> passedOver.add(readOnly(index))))
        .doFinally(_ -> closeUnless(isDecided, connection));
  }

  /** Detached, because a close that is cancelled leaves the socket open for good. */
  private static void closeUnless(AtomicBoolean isDecided, PostgresqlConnection connection) {
    if (isDecided.compareAndSet(false, true)) {
      connection.close().onErrorComplete().subscribe();
    }
  }

  private PassedOver readOnly(int index) {
    return PassedOver.readOnly(hosts.get(index).host());
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
