package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.database.Database;
import dev.weir.auth.observe.AuthMetrics;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.List;

/** The roads to Postgres, one for each role that the service comes as. */
final class Databases implements AutoCloseable {
  private final DatabaseSettings settings;
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final Database application;
  private final Database reading;

  Databases(DatabaseSettings settings, AuthMetrics metrics) {
    this.settings = settings;
    var main = pool(settings.application(), PostgresPool.MAX_CONNECTIONS);
    main.getMetrics().ifPresent(m -> metrics.databasePool(m::acquiredSize, m::pendingAcquireSize));
    this.application = new Database(main);
    this.reading = application.beside(pool(settings.owner(), 2));
  }

  /** Comes as the role that serves. */
  Database application() {
    return application;
  }

  /** Comes as somebody who may read the audit log; for commands only. */
  Database reading() {
    return reading;
  }

  private ConnectionPool pool(Login login, int maxConnections) {
    var pool = PostgresPool.create(settings, login, maxConnections);
    pools.add(pool);
    return pool;
  }

  @Override
  public void close() {
    pools.forEach(ConnectionPool::dispose);
  }
}
