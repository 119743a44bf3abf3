package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Login;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;

/** Makes the pool of connections that the service works with; every wait in it has an end. */
final class PostgresPool {
  static final int MAX_CONNECTIONS = 16;

  private PostgresPool() {}

  /** Makes a pool for one role, which holds two connections ready where it may have as many. */
  static ConnectionPool create(DatabaseSettings database, Login login, int maxConnections) {
    var connections =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host(database.host())
                .port(database.port())
                .database(database.name())
                .username(login.user())
                .password(login.password())
                .connectTimeout(Duration.ofSeconds(1))
                .statementTimeout(Duration.ofSeconds(2))
                .lockWaitTimeout(Duration.ofSeconds(1))
                .tcpKeepAlive(true)
                .build());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections)
            .name(login.user())
            .initialSize(maxConnections == MAX_CONNECTIONS ? 2 : 0)
            .maxSize(maxConnections)
            .maxAcquireTime(Duration.ofSeconds(1))
            .maxCreateConnectionTime(Duration.ofSeconds(1))
            .maxIdleTime(Duration.ofMinutes(10))
            .maxLifeTime(Duration.ofMinutes(30))
            .build());
  }
}
