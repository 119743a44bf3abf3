package dev.weir.auth.config;

import dev.weir.auth.config.PrimaryConnections.Candidate;
import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Place;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;

/** Makes the pools of connections that the service works with; every wait in them has an end. */
final class PostgresPool {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private PostgresPool() {}

  /** Makes the pool of one role; the one that serves has two connections ready. */
  static ConnectionPool create(DatabaseSettings database, DatabaseRole role) {
    return create(database, database.place(), role);
  }

  static ConnectionPool create(DatabaseSettings database, Place place, DatabaseRole role) {
    var login = role.of(database.logins());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections(place, login, role))
            .name(login.user())
            .initialSize(role == DatabaseRole.APPLICATION ? 2 : 0)
            .maxSize(role.maxConnections())
            .maxAcquireTime(patience(place))
            .maxCreateConnectionTime(patience(place))
            .maxIdleTime(Duration.ofMinutes(10))
            .maxLifeTime(Duration.ofMinutes(30))
            .build());
  }

  /** Long enough to ask every host but one in vain; with four of them below that of a statement. */
  private static Duration patience(Place place) {
    return PATIENCE.plus(PrimaryConnections.PATIENCE.multipliedBy(place.hosts().size() - 1L));
  }

  private static ConnectionFactory connections(Place place, Login login, DatabaseRole role) {
    var hosts =
        place.hosts().stream()
            .map(host -> new Candidate(host, driver(host, place.name(), login, role)))
            .toList();
    // One host is taken as it is: it may be a replica.
    return hosts.size() == 1 ? hosts.getFirst().driver() : new PrimaryConnections(hosts);
  }

  private static PostgresqlConnectionFactory driver(
      Host host, String database, Login login, DatabaseRole role) {
    return new PostgresqlConnectionFactory(
        PostgresqlConnectionConfiguration.builder()
            .host(host.name())
            .port(host.port())
            .database(database)
            .username(login.user())
            .password(login.password())
            .connectTimeout(PATIENCE)
            .statementTimeout(role.statementTimeout())
            .lockWaitTimeout(DatabaseRole.LOCK_TIMEOUT)
            .tcpKeepAlive(true)
            .build());
  }
}
