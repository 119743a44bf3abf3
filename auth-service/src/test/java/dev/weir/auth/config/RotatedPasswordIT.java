package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.config.DatabaseTls.Choice;
import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Logins;
import dev.weir.auth.config.Settings.Place;
import dev.weir.auth.testing.TestSystem;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A password of Postgres that is turned over below connections that go on. */
class RotatedPasswordIT {
  @TempDir Path folder = Path.of("");

  /** Nobody else here is asked for a password: this role alone is, by a line before all others. */
  @BeforeEach
  void askForThePassword() throws IOException, SQLException {
    execute("create role rotated login password 'one'");
    var rules = rules();
    Files.writeString(
        rules, "host all rotated 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
    execute("select pg_reload_conf()");
    // It reads its rules when it comes to it; until then it asks for no password.
    await().atMost(Duration.ofSeconds(10)).until(() -> !letsIn("another"));
  }

  private static boolean letsIn(String password) {
    var url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port());
    try (var connection = DriverManager.getConnection(url, "rotated", password)) {
      return connection.isValid(5);
    } catch (SQLException refused) {
      return false;
    }
  }

  private static int port() {
    return TestSystem.shared().postgres().getPort();
  }

  @AfterEach
  void forget() throws IOException, SQLException {
    var rules = rules();
    Files.writeString(rules, Files.readString(rules).split("\n", 2)[1]);
    execute("select pg_reload_conf()");
    execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'rotated'");
    execute("drop role rotated");
  }

  @Test
  void comesWithTheNewPasswordAndKeepsTheConnectionsItHas() throws IOException, SQLException {
    var file = write("one");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    // The outbox's pool: it opens no connection before somebody asks.
    var pool =
        PostgresPool.create(database(secret), DatabaseRole.OUTBOX, PostgresPool.Primary.unknown());
    var first = open(pool.create());
    try {
      execute("alter role rotated password 'two'");
      assertThat(isRefused(pool)).isTrue();
      write("two");
      secret.look();
      var second = open(pool.create());
      assertThat(user(second)).isEqualTo("rotated");
      assertThat(user(first)).isEqualTo("rotated");
      Mono.from(second.close()).block();
    } finally {
      Mono.from(first.close()).block();
      pool.dispose();
    }
  }

  private static boolean isRefused(ConnectionPool pool) {
    return pool.create()
        .flatMap(connection -> Mono.from(connection.close()).thenReturn(false))
        .onErrorResume(R2dbcPermissionDeniedException.class, _ -> Mono.just(true))
        .blockOptional(Duration.ofSeconds(10))
        .orElseThrow();
  }

  private static Connection open(Mono<? extends Connection> connection) {
    return connection.blockOptional(Duration.ofSeconds(10)).orElseThrow();
  }

  private static String user(Connection connection) {
    return Flux.from(connection.createStatement("select current_user").execute())
        .flatMap(result -> result.map((row, _) -> String.valueOf(row.get(0, String.class))))
        .next()
        .blockOptional(Duration.ofSeconds(10))
        .orElseThrow();
  }

  private static DatabaseSettings database(Secret secret) {
    var login = new Login("rotated", secret);
    var place =
        new Place(
            List.of(new Host("127.0.0.1", port())),
            "postgres",
            new DatabaseTls(Choice.AUTO, Optional.empty()));
    return new DatabaseSettings(
        place,
        Optional.empty(),
        new Logins(login, login, login, login, login),
        Duration.ofSeconds(10));
  }

  private Path write(String text) throws IOException {
    var file = Files.writeString(folder.resolve("password"), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Path rules() throws SQLException {
    try (var connection = TestSystem.shared().postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("show hba_file")) {
      rows.next();
      return Path.of(rows.getString(1));
    }
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = TestSystem.shared().postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
