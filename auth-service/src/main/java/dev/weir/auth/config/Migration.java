package dev.weir.auth.config;

import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date as its owner, before anything is served. A database that is not
 * there yet is waited for, a bounded while; then the start is refused, so that whoever runs the
 * process sees a restart and not a silent wait.
 */
final class Migration {
  private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** Another instance that starts at this moment was a little faster. */
  private static final Set<String> MADE_MEANWHILE = Set.of("42710", "23505");

  private final DatabaseSettings database;
  private final StartConnections connections;

  Migration(DatabaseSettings database) {
    this.database = database;
    this.connections = new StartConnections(database.place());
  }

  void run() {
    awaitDatabase();
    for (var role : DatabaseRole.values()) {
      create(role.of(database.logins()));
    }
    migrate();
    for (var role : DatabaseRole.values()) {
      limit(role);
    }
  }

  private void migrate() {
    var logins = database.logins();
    try (var primary = connect()) {
      // By the URL of the host that was found, so that Flyway asks none that says nothing.
      Flyway.configure()
          .dataSource(
              primary.getMetaData().getURL(),
              logins.owner().user(),
              logins.owner().password().text())
          // Better a start that fails than statements that queue up behind a waiting change of
          // schema.
          .initSql("set lock_timeout = '5s'")
          .locations("classpath:db/migration")
          .schemas("auth", "audit")
          .defaultSchema("auth")
          .placeholders(
              Map.of(
                  "application", quoted(logins.application().user()),
                  "outbox", quoted(logins.outbox().user()),
                  "reading", quoted(logins.reading().user()),
                  "purging", quoted(logins.purging().user())))
          .load()
          .migrate();
    } catch (SQLException | FlywayException e) {
      var reason = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new StartRefused(
          "the schema cannot be migrated (" + reason.lines().findFirst().orElse("") + ")",
          "see that " + logins.owner().user() + " owns database " + database.place().name());
    }
  }

  private void awaitDatabase() {
    long deadline = System.nanoTime() + database.patience().toNanos();
    while (true) {
      try {
        connect().close();
        return;
      } catch (SQLException e) {
        if (!isOutage(e) || System.nanoTime() - deadline > 0) {
          throw new StartRefused(
              "no database at " + place() + " (" + firstLine(e) + ")",
              "start Postgres, or mend WEIR_AUTH_DATABASE_URL, _OWNER_USER and _OWNER_PASSWORD"
                  + " (_TLS and _CA_FILE where it says tls)");
        }
        LOG.info("waiting for the database");
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
  }

  private String place() {
    var place = database.place();
    var hosts = place.hosts().stream().map(Host::toString).collect(Collectors.joining(","));
    return "postgresql://" + hosts + "/" + place.name();
  }

  /** Where Postgres is there and will not have us, waiting would not help. */
  private static boolean isOutage(SQLException e) {
    return e.getSQLState() == null || !PassedOver.isRefusal(e.getSQLState());
  }

  /** Creates a role, where the owner may; a DBA's own is left as it is. */
  private void create(Login login) {
    try (var connection = connect()) {
      if (hasRole(connection, login.user())) {
        return;
      }
      try (var statement = connection.createStatement()) {
        statement.execute(
            "create role %s login password %s"
                .formatted(
                    quoted(login.user()), "'" + login.password().text().replace("'", "''") + "'"));
      }
    } catch (SQLException e) {
      if (MADE_MEANWHILE.contains(String.valueOf(e.getSQLState()))) {
        return;
      }
      var reason = INSUFFICIENT_PRIVILEGE.equals(e.getSQLState()) ? "" : " (" + firstLine(e) + ")";
      throw new StartRefused(
          "database role " + login.user() + " is missing" + reason,
          "run as a superuser: create role " + login.user() + " login password '...'");
    }
  }

  private void limit(DatabaseRole role) {
    var login = role.of(database.logins());
    try {
      RoleLimits.set(connections::connect, login, role);
    } catch (SQLException e) {
      throw new StartRefused(
          "database role " + login.user() + " cannot log in (" + firstLine(e) + ")",
          "give it the password that WEIR_AUTH_DATABASE_..._PASSWORD, or its _FILE, has for it");
    }
  }

  private static boolean hasRole(Connection connection, String role) throws SQLException {
    try (var query = connection.prepareStatement("select 1 from pg_roles where rolname = ?")) {
      query.setString(1, role);
      return query.executeQuery().next();
    }
  }

  private Connection connect() throws SQLException {
    return connections.connect(database.logins().owner());
  }

  private static String quoted(String identifier) {
    return "\"" + identifier.replace("\"", "\"\"") + "\"";
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
