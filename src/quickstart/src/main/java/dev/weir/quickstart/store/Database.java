package dev.weir.quickstart.store;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The database of the auth service with its roles: one owns the schema, and each of the others does
 * one kind of work in it.
 */
public record Database(int port, Secret superuser, Map<String, Secret> passwords) {
  public static final String NAME = "weir";
  public static final String OWNER = "auth_owner";
  public static final String APP = "auth_app";
  public static final String OUTBOX = "auth_outbox";
  public static final String READ = "auth_read";
  public static final String PURGE = "auth_purge";
  public static final List<String> ROLES = List.of(OWNER, APP, OUTBOX, READ, PURGE);

  public Database {
    passwords = Map.copyOf(passwords);
    if (!passwords.keySet().containsAll(ROLES)) {
      throw new IllegalArgumentException("a role without a password");
    }
  }

  public Secret password(String role) {
    return Objects.requireNonNull(passwords.get(role), role);
  }

  /**
   * Creates roles and database once; the mark is kept with the data, so that both vanish together.
   */
  public void create(Path mark) throws IOException {
    if (Files.exists(mark)) {
      return;
    }
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var role : ROLES) {
        statement.execute(role(role, password(role)));
      }
      if (!exists(statement)) {
        statement.execute("CREATE DATABASE " + NAME + " OWNER " + OWNER);
      }
      statement.execute("REVOKE ALL ON DATABASE " + NAME + " FROM PUBLIC");
      statement.execute("GRANT CONNECT ON DATABASE " + NAME + " TO " + String.join(", ", ROLES));
    } catch (SQLException e) {
      throw new StartFailedException(
          "postgres: the database cannot be prepared: " + e.getMessage());
    }
    Files.createFile(mark);
  }

  /**
   * Makes the role, or gives an existing one today's password: an earlier attempt may have stopped
   * half-way.
   */
  private static String role(String name, Secret password) {
    return """
        DO $do$ BEGIN
          IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
            ALTER ROLE %1$s LOGIN PASSWORD '%2$s';
          ELSE
            CREATE ROLE %1$s LOGIN PASSWORD '%2$s';
          END IF;
        END $do$"""
        .formatted(name, password.text());
  }

  private static boolean exists(Statement statement) throws SQLException {
    var query = "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'";
    try (var found = statement.executeQuery(query)) {
      return found.next();
    }
  }

  private Connection connect() throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    return DriverManager.getConnection(url, "postgres", superuser.text());
  }
}
