package dev.weir.drills.stand;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Whoever may do everything with a Postgres on this machine. */
record Superuser(int port, String password) {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int POLL_MILLIS = 50;

  static Superuser of(Path state, int port) throws IOException {
    return new Superuser(port, Files.readString(state.resolve("secrets/postgres")).strip());
  }

  /** Says nothing of the password. */
  @Override
  public String toString() {
    return "Superuser[" + port + "]";
  }

  Connection connect() throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "2");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
  }

  void run(String sql) throws IOException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** Returns once a query answers true; one that cannot be asked yet is asked again. */
  void await(String question) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isTrue(question)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("never true: " + question);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean isTrue(String question) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(question)) {
      return rows.next() && rows.getBoolean(1);
    } catch (SQLException notYet) {
      return false;
    }
  }
}
