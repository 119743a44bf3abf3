package dev.weir.auth.config;

import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Opens connections to whichever of several hosts can be written to. The one that was the primary
 * last is asked first, then the others in turn, each for a bounded while. The driver's own list of
 * hosts does neither: it asks in the written order each time, and one that takes a connection and
 * says nothing more holds it up for ever.
 */
final class PrimaryConnections implements ConnectionFactory {
  /** Of one host, for a connection, and then for whether it is the primary. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  private final List<PostgresqlConnectionFactory> hosts;

  /** The index of the host that was the primary last; a single word, so always a whole one. */
  private final AtomicInteger last = new AtomicInteger();

  PrimaryConnections(List<PostgresqlConnectionFactory> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  @Override
  public Mono<Connection> create() {
    return Mono.defer(
        () -> {
          int first = last.get();
          return Flux.range(0, hosts.size())
              .map(turn -> (first + turn) % hosts.size())
              .concatMap(this::primary)
              .next()
              .switchIfEmpty(
                  Mono.error(() -> new R2dbcTransientResourceException("no host is a primary")));
        });
  }

  /** A host that is no primary, cannot be reached or does not let us in is passed over. */
  private Mono<Connection> primary(int index) {
    return hosts
        .get(index)
        .create()
        .timeout(PATIENCE)
        .onErrorComplete()
        .flatMap(connection -> ifWritable(connection, index));
  }

  private Mono<Connection> ifWritable(PostgresqlConnection connection, int index) {
    return connection
        .createStatement("show transaction_read_only")
        .execute()
        .flatMap(result -> result.map((row, _) -> "off".equals(row.get(0, String.class))))
        .single()
        .timeout(PATIENCE)
        .onErrorReturn(false)
        .doOnNext(isWritable -> note(isWritable, index))
        .flatMap(isWritable -> isWritable ? Mono.<Connection>just(connection) : closed(connection));
  }

  private void note(boolean isWritable, int index) {
    if (isWritable) {
      last.set(index);
    }
  }

  private static Mono<Connection> closed(PostgresqlConnection connection) {
    return connection.close().timeout(PATIENCE).onErrorComplete().then(Mono.empty());
  }

  @Override
  public ConnectionFactoryMetadata getMetadata() {
    return hosts.getFirst().getMetadata();
  }
}
