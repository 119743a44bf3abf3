package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Place;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;

/** Makes the pools of connections that the service works with; every wait in them has an end. */
final class PostgresPool {
  private PostgresPool() {}

  /** Makes the pool of one role; the one that serves has two connections ready. */
  static ConnectionPool create(DatabaseSettings database, DatabaseRole role) {
    return create(database, database.place(), role);
  }

  static ConnectionPool create(DatabaseSettings database, Place place, DatabaseRole role) {
    var login = role.of(database.logins());
    var connections =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host(place.host())
                .port(place.port())
                .database(place.name())
                .username(login.user())
                .password(login.password())
                .connectTimeout(Duration.ofSeconds(1))
                .statementTimeout(role.statementTimeout())
                .lockWaitTimeout(DatabaseRole.LOCK_TIMEOUT)
                .tcpKeepAlive(true)
                .build());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections)
            .name(login.user())
            .initialSize(role == DatabaseRole.APPLICATION ? 2 : 0)
            .maxSize(role.maxConnections())
            .maxAcquireTime(Duration.ofSeconds(1))
            .maxCreateConnectionTime(Duration.ofSeconds(1))
            .maxIdleTime(Duration.ofMinutes(10))
            .maxLifeTime(Duration.ofMinutes(30))
            .build());
  }
}
