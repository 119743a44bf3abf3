package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Login;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Gives a role its time-outs in the database itself, so that they also hold for whoever comes as
 * that role by another way. A role may set its own, which asks for no privilege of the owner.
 */
final class RoleLimits {
  /** Any constant does: two starts at once would otherwise change one row together and fail. */
  private static final long LOCK = 0x5745_4952_524f_4c45L;

  private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(15);

  private RoleLimits() {}

  /** Opens connections as a role. */
  @FunctionalInterface
  interface Connector {
    Connection connect(Login login) throws SQLException;
  }

  static void set(Connector connector, Login login, DatabaseRole role) throws SQLException {
    try (var connection = connector.connect(login);
        var statement = connection.createStatement()) {
      statement.execute("select pg_advisory_lock(" + LOCK + ")");
      set(connection, "statement_timeout", role.statementTimeout());
      set(connection, "lock_timeout", DatabaseRole.LOCK_TIMEOUT);
      set(connection, "idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION);
    }
  }

  private static void set(Connection connection, String name, Duration value) throws SQLException {
    try (var statement = connection.createStatement();
        var now =
            statement.executeQuery(
                "select setting::bigint from pg_settings where name = '" + name + "'")) {
      now.next();
      if (now.getLong(1) == value.toMillis()) {
        return;
      }
    }
    try (var statement = connection.createStatement()) {
      statement.execute("alter role current_user set " + name + " = " + value.toMillis());
    }
  }
}
