package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import java.time.Duration;

/** Makes the pool of connections that the service works with; every wait in it has an end. */
final class PostgresPool {
  private static final int MAX_CONNECTIONS = 16;

  private PostgresPool() {}

  static ConnectionPool create(DatabaseSettings database) {
    var connections =
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host(database.host())
                .port(database.port())
                .database(database.name())
                .username(database.application().user())
                .password(database.application().password())
                .connectTimeout(Duration.ofSeconds(1))
                .statementTimeout(Duration.ofSeconds(2))
                .lockWaitTimeout(Duration.ofSeconds(1))
                .tcpKeepAlive(true)
                .build());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections)
            .name("auth")
            .initialSize(2)
            .maxSize(MAX_CONNECTIONS)
            .maxAcquireTime(Duration.ofSeconds(1))
            .maxCreateConnectionTime(Duration.ofSeconds(1))
            .maxIdleTime(Duration.ofMinutes(10))
            .maxLifeTime(Duration.ofMinutes(30))
            .build());
  }
}
