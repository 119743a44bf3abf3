package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.config.PostgresPool.Primary;
import dev.weir.auth.config.Settings.DatabaseSettings;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Comes to a Postgres that lets nobody in without TLS and a password, and to false ones. */
class PostgresTlsIT {
  private static final String SSL =
      "select count(*) as number from pg_stat_ssl where pid = pg_backend_pid() and ssl";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir static Path folder;
  private static EmbeddedPostgres postgres;
  private static TestCertificate own;
  private static TestCertificate another;

  @BeforeAll
  static void start() throws IOException, SQLException {
    own = TestCertificate.in(folder, "own");
    another = TestCertificate.in(folder, "another");
    postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", own.chain().toString())
            .setServerConfig("ssl_key_file", own.privateKey().toString())
            .start();
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("alter role postgres password 'postgres'");
      var rules = statement.executeQuery("show hba_file");
      rules.next();
      Files.writeString(Path.of(rules.getString(1)), "hostssl all all all scram-sha-256\n");
      statement.execute("select pg_reload_conf()");
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (isOpenWithoutTls() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  private static boolean isOpenWithoutTls() {
    var url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres?sslmode=disable";
    try (var _ = DriverManager.getConnection(url, "postgres", "postgres")) {
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  @Test
  void migratesAndServesWhereTheHostIsProvedPassingOverAFalseOne() throws Exception {
    try (var naked = FalsePostgres.withoutTls();
        var masked = FalsePostgres.withTls(another)) {
      var hosts = "localhost:%d,localhost:%d".formatted(naked.port(), masked.port());
      var settings =
          settings(
              hosts + ",localhost:" + postgres.getPort(),
              Map.of(
                  "WEIR_AUTH_DATABASE_TLS",
                  "verify-full",
                  "WEIR_AUTH_DATABASE_CA_FILE",
                  own.chain().toString(),
                  "WEIR_AUTH_DATABASE_REPLICA_URL",
                  "postgresql://localhost:" + postgres.getPort() + "/postgres"));
      new Migration(settings).run();
      try (var databases = new Databases(settings, new AuthMetrics(new SimpleMeterRegistry()))) {
        assertThat(encrypted(databases.as(DatabaseRole.APPLICATION))).isOne();
        assertThat(encrypted(databases.as(DatabaseRole.OUTBOX))).isOne();
        assertThat(encrypted(databases.replica().orElseThrow())).isOne();
      }
      assertThat(naked.visits()).isPositive();
      assertThat(masked.visits()).isPositive();
      assertThat(naked.heard()).isEmpty();
      assertThat(masked.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "verify-full, localhost, own, ''",
    "verify-ca, 127.0.0.1, own, ''",
    "require, 127.0.0.1, '', ''",
    "verify-full, 127.0.0.1, own, tls-untrusted",
    "verify-full, localhost, another, tls-untrusted",
    "verify-ca, localhost, another, tls-untrusted",
    "verify-full, localhost, '', tls-untrusted",
    "off, localhost, '', no encryption"
  })
  void comesBothWaysOnlyWhereWhatIsAskedForIsProved(
      String tls, String host, String authority, String fault) throws SQLException {
    var place = host + ":" + postgres.getPort();
    var settings = settings(place, variables(tls, authority));
    if (fault.isEmpty()) {
      try (var connection = connect(settings);
          var rows = connection.createStatement().executeQuery(SSL)) {
        rows.next();
        assertThat(rows.getLong(1)).isOne();
      }
      open(settings);
      return;
    }
    assertThatThrownBy(() -> connect(settings)).hasMessageContaining(fault);
    assertThatThrownBy(() -> open(settings)).hasStackTraceContaining(fault);
  }

  @Test
  void tellsNothingToAServerWithoutTlsAndRefusesTheStartAtOnce() throws IOException {
    try (var naked = FalsePostgres.withoutTls()) {
      var settings = settings("localhost:" + naked.port(), variables("verify-full", "own"));
      var fault = "localhost:" + naked.port() + " tls-refused (it offers none)";
      assertThatThrownBy(() -> new Migration(settings).run())
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining(fault);
      assertThatThrownBy(() -> open(settings)).hasStackTraceContaining(fault);
      assertThat(naked.visits()).as("by both drivers").isGreaterThanOrEqualTo(2);
      assertThat(naked.heard()).isEmpty();
    }
  }

  @Test
  void tellsNothingToAServerOfAnotherAuthority() throws IOException {
    try (var masked = FalsePostgres.withTls(another)) {
      var settings = settings("localhost:" + masked.port(), variables("verify-full", "own"));
      var fault = "localhost:" + masked.port() + " tls-untrusted (";
      assertThatThrownBy(() -> new Migration(settings).run())
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining(fault);
      assertThatThrownBy(() -> open(settings)).hasStackTraceContaining(fault);
      assertThat(masked.visits()).as("by both drivers").isGreaterThanOrEqualTo(2);
      assertThat(masked.heard()).isEmpty();
    }
  }

  /** The one of all other tests. */
  @Test
  void doesWithoutOnThisMachineUnlessToldNotTo() {
    var place = "127.0.0.1:" + TestSystem.shared().postgres().getPort();
    open(settings(place, Map.of()));
    var proved = settings(place, variables("verify-full", "own"));
    assertThatThrownBy(() -> open(proved)).hasStackTraceContaining(place + " tls-refused");
  }

  private static Map<String, String> variables(String tls, String authority) {
    var file = authority.isEmpty() ? "" : folder.resolve(authority + ".pem").toString();
    return Map.of("WEIR_AUTH_DATABASE_TLS", tls, "WEIR_AUTH_DATABASE_CA_FILE", file);
  }

  private static DatabaseSettings settings(String hosts, Map<String, String> more) {
    var variables = TestSystem.shared().variables();
    variables.put("WEIR_AUTH_DATABASE_URL", "postgresql://" + hosts + "/postgres");
    variables.putAll(more);
    return SettingsReader.read(SettingSources.of(variables)).database();
  }

  private static java.sql.Connection connect(DatabaseSettings settings) throws SQLException {
    return new StartConnections(settings.place()).connect(settings.logins().owner());
  }

  /** Opens the way of requests, as the owner: the only role that is there for sure. */
  private static void open(DatabaseSettings settings) {
    var logins = settings.logins();
    var owner = logins.owner();
    var all =
        new DatabaseSettings(
            settings.place(),
            settings.replica(),
            new Settings.Logins(owner, owner, owner, owner, owner),
            settings.patience());
    var pool = PostgresPool.create(all, DatabaseRole.OUTBOX, Primary.unknown());
    try {
      var connection = pool.create().blockOptional(PATIENCE).orElseThrow();
      reactor.core.publisher.Mono.from(connection.close()).block(PATIENCE);
    } finally {
      pool.dispose();
    }
  }

  private static long encrypted(Database database) {
    return database
        .run(database.sql(SSL).map(Row.as(row -> row.number("number"))).one())
        .blockOptional()
        .orElseThrow();
  }
}
