package dev.weir.auth.config;

import dev.weir.auth.config.PrimaryConnections.Candidate;
import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Place;
import dev.weir.auth.database.Demotion;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.pool.PooledRefMetadata;

/** Makes the pools of connections that the service works with; every wait in them has an end. */
final class PostgresPool {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration LIFE = Duration.ofMinutes(30);

  private PostgresPool() {}

  /** What all roads to one database know of its primary. */
  record Primary(Demotion demotion, AtomicLong timeline) {
    static Primary unknown() {
      return new Primary(new Demotion(), new AtomicLong(Timeline.UNKNOWN));
    }
  }

  /** Makes the pool of one role; the one that serves has two connections ready. */
  static ConnectionPool create(DatabaseSettings database, DatabaseRole role, Primary primary) {
    return create(database, database.place(), role, primary);
  }

  static ConnectionPool create(
      DatabaseSettings database, Place place, DatabaseRole role, Primary primary) {
    var login = role.of(database.logins());
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(connections(place, login, role, primary))
            .name(login.user())
            .initialSize(role == DatabaseRole.APPLICATION ? 2 : 0)
            .maxSize(role.maxConnections())
            .maxAcquireTime(patience(place))
            .maxCreateConnectionTime(patience(place))
            .maxIdleTime(IDLE)
            .maxLifeTime(LIFE)
            // In place of the pool's own rule, which knows of the two times alone.
            .customizer(pool -> pool.evictionPredicate((_, use) -> isOver(use, primary.demotion())))
            .build());
  }

  private static boolean isOver(PooledRefMetadata use, Demotion demotion) {
    return use.idleTime() >= IDLE.toMillis()
        || use.lifeTime() >= LIFE.toMillis()
        || demotion.hasSeen(use.allocationTimestamp());
  }

  /** Long enough to ask every host but one in vain; with four of them below that of a statement. */
  private static Duration patience(Place place) {
    return PATIENCE.plus(PrimaryConnections.PATIENCE.multipliedBy(place.hosts().size() - 1L));
  }

  private static ConnectionFactory connections(
      Place place, Login login, DatabaseRole role, Primary primary) {
    var hosts =
        place.hosts().stream()
            .map(host -> new Candidate(host, driver(host, place, login, role)))
            .toList();
    return hosts.size() == 1
        ? new SingleHost(hosts.getFirst())
        : new PrimaryConnections(hosts, primary.timeline());
  }

  private static PostgresqlConnectionFactory driver(
      Host host, Place place, Login login, DatabaseRole role) {
    var driver =
        PostgresqlConnectionConfiguration.builder()
            .host(host.name())
            .port(host.port())
            .database(place.name())
            .username(login.user())
            // Asked for at each new connection.
            .password(() -> login.password().text())
            .connectTimeout(PATIENCE)
            .statementTimeout(role.statementTimeout())
            .lockWaitTimeout(DatabaseRole.LOCK_TIMEOUT)
            .tcpKeepAlive(true);
    PostgresTls.require(driver, place.tls(), host);
    return new PostgresqlConnectionFactory(driver.build());
  }
}
