package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.config.PrimaryConnections.Candidate;
import dev.weir.auth.config.Settings.Host;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Two hosts take writes: the shared Postgres, and one that was promoted once. */
class OldPrimaryIT {
  private static final int OLD = TestSystem.shared().postgres().getPort();

  @TempDir static Path directory;
  private static EmbeddedPostgres promoted;

  @BeforeAll
  static void promote() throws IOException {
    var data = directory.resolve("data");
    server(data).start().close();
    // The end of a recovery is a promotion, whatever was recovered.
    Files.createFile(data.resolve("recovery.signal"));
    promoted =
        server(data)
            .setServerConfig("restore_command", "false")
            .setServerConfig("hot_standby", "off")
            .start();
  }

  private static EmbeddedPostgres.Builder server(Path data) {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setPGStartupWait(Duration.ofSeconds(30))
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off");
  }

  @AfterAll
  static void stop() throws IOException {
    promoted.close();
  }

  @Test
  void isNotUsedByAStartOrByWhateverItStartsHoweverEarlyItStandsInTheList() throws SQLException {
    var settings = settings();
    var owner = settings.logins().owner();
    try (var connection = new StartConnections(settings.place()).connect(owner)) {
      assertThat(connection.getMetaData().getURL()).contains(":" + promoted.getPort() + "/");
    }
    try (var databases = new Databases(settings, new AuthMetrics(new SimpleMeterRegistry()))) {
      assertThat(portOf(databases.as(DatabaseRole.APPLICATION))).isEqualTo(promoted.getPort());
    }
  }

  @Test
  void isNamedAsTheReasonWhereNoOtherHostIsLeft() {
    var alone = new PrimaryConnections(List.of(at(OLD, "postgres")), new AtomicLong(2));
    assertThatThrownBy(() -> alone.create().block())
        .hasMessage(
            "no host is a primary: 127.0.0.1:"
                + OLD
                + " is an old primary (timeline 1, and there is 2)");
  }

  @Test
  void isLeftOutFromTheFirstConnectionToTheNewOneOn() {
    var newest = new AtomicLong(Timeline.UNKNOWN);
    var before = new PrimaryConnections(List.of(at(OLD, "postgres")), newest);
    Mono.from(before.create().blockOptional().orElseThrow().close()).block();
    var after = new PrimaryConnections(List.of(at(promoted.getPort(), "postgres")), newest);
    Mono.from(after.create().blockOptional().orElseThrow().close()).block();
    assertThat(newest).hasValue(2);
    assertThatThrownBy(() -> before.create().block()).hasMessageContaining("is an old primary");
  }

  /**
   * Better the primary that there is than none, for want of a right that is usually everybody's.
   */
  @Test
  void isNotToldByARoleThatMayNotAsk() throws SQLException {
    try (var connection = promoted.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create role uninformed login password 'postgres'");
      statement.execute("revoke execute on function pg_walfile_name(pg_lsn) from public");
    }
    var newest = new AtomicLong(9);
    var alone = new PrimaryConnections(List.of(at(promoted.getPort(), "uninformed")), newest);
    Mono.from(alone.create().blockOptional().orElseThrow().close()).block();
    assertThat(newest).hasValue(9);
  }

  private static Settings.DatabaseSettings settings() {
    var variables = TestSystem.shared().variables();
    variables.put(
        "WEIR_AUTH_DATABASE_URL",
        "postgresql://127.0.0.1:%d,127.0.0.1:%d/postgres".formatted(OLD, promoted.getPort()));
    variables.put("WEIR_AUTH_DATABASE_USER", "postgres");
    variables.put("WEIR_AUTH_DATABASE_PASSWORD", "postgres");
    return SettingsReader.read(SettingSources.of(variables)).database();
  }

  private static long portOf(Database database) {
    return database
        .run(
            database
                .sql("select cast(current_setting('port') as bigint) as number")
                .map(Row.as(row -> row.number("number")))
                .one())
        .blockOptional()
        .orElseThrow();
  }

  private static Candidate at(int port, String user) {
    return new Candidate(
        new Host("127.0.0.1", port),
        new PostgresqlConnectionFactory(
            PostgresqlConnectionConfiguration.builder()
                .host("127.0.0.1")
                .port(port)
                .database("postgres")
                .username(user)
                .password("postgres")
                .build()));
  }
}
