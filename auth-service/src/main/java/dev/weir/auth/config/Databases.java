package dev.weir.auth.config;

import dev.weir.auth.config.PostgresPool.Primary;
import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Place;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Demotion;
import dev.weir.auth.observe.AuthMetrics;
import io.r2dbc.pool.ConnectionPool;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The roads to Postgres, one for each role that the service comes as. */
final class Databases implements AutoCloseable {
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final Map<DatabaseRole, Database> roads = new EnumMap<>(DatabaseRole.class);

  private final Optional<Database> replica;

  Databases(DatabaseSettings settings, AuthMetrics metrics) {
    var demotion = new Demotion();
    var login = DatabaseRole.APPLICATION.of(settings.logins());
    var timeline = new StartConnections(settings.place()).newestTimeline(login);
    var primary = new Primary(demotion, new AtomicLong(timeline));
    var main = PostgresPool.create(settings, DatabaseRole.APPLICATION, primary);
    main.getMetrics().ifPresent(m -> metrics.databasePool(m::acquiredSize, m::pendingAcquireSize));
    pools.add(main);
    var application = new Database(main, demotion);
    for (var role : DatabaseRole.values()) {
      if (role == DatabaseRole.APPLICATION) {
        roads.put(role, application);
        continue;
      }
      var pool = PostgresPool.create(settings, role, primary);
      pools.add(pool);
      roads.put(role, application.beside(pool));
    }
    this.replica = settings.replica().map(place -> replica(settings, place));
  }

  /** It is never written to: what it says is not about the primary. */
  private Database replica(DatabaseSettings settings, Place place) {
    var pool = PostgresPool.create(settings, place, DatabaseRole.APPLICATION, Primary.unknown());
    pools.add(pool);
    return Database.replica(pool);
  }

  /** The copy for reads that may lag, where there is one. */
  Optional<Database> replica() {
    return replica;
  }

  Database as(DatabaseRole role) {
    return Objects.requireNonNull(roads.get(role));
  }

  @Override
  public void close() {
    pools.forEach(ConnectionPool::dispose);
  }
}
