package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.config.PrimaryConnections.Candidate;
import dev.weir.auth.testing.TestSystem;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Looks for the primary among hosts of which others are away, say nothing or are read-only. */
class PrimaryConnectionsIT {
  private static final String LOCAL = "127.0.0.1:";

  private final int primary = TestSystem.shared().postgres().getPort();

  @Test
  void passesOverAHostThatIsAwayAndOneThatTakesConnectionsAndSaysNothing() throws IOException {
    try (var frozen = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      var hosts =
          List.of(
              at(1, "postgres"), at(frozen.getLocalPort(), "postgres"), at(primary, "postgres"));
      assertThat(databaseOf(among(hosts))).isEqualTo("postgres");
    }
  }

  @Test
  void writesToNoHostThatIsReadOnly() throws SQLException {
    execute("create database read_only_host");
    execute("alter database read_only_host set default_transaction_read_only = on");
    var alone = among(List.of(at(primary, "read_only_host")));
    assertThatThrownBy(() -> databaseOf(alone))
        .isInstanceOf(R2dbcTransientResourceException.class)
        .hasMessage("no host is a primary: " + LOCAL + primary + " is read-only");
    var both = among(List.of(at(primary, "read_only_host"), at(primary, "postgres")));
    assertThat(databaseOf(both)).isEqualTo("postgres");
  }

  @Test
  void tellsOfEachHostWhyItWasNotTaken() {
    var hosts =
        List.of(at(1, "postgres"), at(primary, "no_such"), as("nobody", "a secret", "postgres"));
    assertThatThrownBy(() -> databaseOf(among(hosts)))
        .hasMessageStartingWith("no host is a primary: 127.0.0.1:1 cannot be asked (")
        .hasMessageContaining("Connection refused")
        .hasMessageContaining(
            LOCAL + primary + " refuses us (3D000: database \"no_such\" does not exist)")
        .hasMessageContaining(LOCAL + primary + " refuses us (28")
        .hasMessageContaining("nobody")
        .hasMessageNotContaining("a secret");
  }

  @Test
  void closesAConnectionThatComesAfterItsTime() throws Exception {
    try (var late = HeldBackPostgres.after("TRANSACTION ISOLATION", primary)) {
      var alone = among(List.of(at(late.port(), "postgres")));
      assertThatThrownBy(() -> databaseOf(alone))
          .hasMessage("no host is a primary: " + LOCAL + late.port() + " does not answer");
      late.release();
      assertThat(late.isLeft()).isTrue();
    }
  }

  @Test
  void closesAConnectionThatNobodyWaitsForAnyMore() throws Exception {
    try (var held = HeldBackPostgres.after("transaction_read_only", primary)) {
      var waiting = among(List.of(at(held.port(), "postgres"))).create().subscribe();
      assertThat(held.isAsked()).isTrue();
      waiting.dispose();
      assertThat(held.isLeft()).isTrue();
    }
  }

  /** A start asks by other means, and says the same. */
  @Test
  void refusesAStartWithTheReasonOfEachHost() {
    var variables = TestSystem.shared().variables();
    variables.put(
        "WEIR_AUTH_DATABASE_URL", "postgresql://127.0.0.1:1,127.0.0.1:" + primary + "/no_such");
    variables.put("WEIR_AUTH_DATABASE_PATIENCE", "0s");
    var settings = SettingsReader.read(SettingSources.of(variables)).database();
    assertThatThrownBy(() -> new Migration(settings).run())
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("127.0.0.1:1 cannot be asked (Connection refused")
        .hasMessageContaining(LOCAL + primary + " refuses us (3D000: FATAL: database \"no_such\"");
  }

  private static PrimaryConnections among(List<Candidate> hosts) {
    return new PrimaryConnections(hosts, new AtomicLong(Timeline.UNKNOWN));
  }

  private static String databaseOf(PrimaryConnections connections) {
    var name =
        Mono.usingWhen(
            connections.create(),
            connection ->
                Mono.from(connection.createStatement("select current_database()").execute())
                    .flatMap(
                        result ->
                            Mono.from(
                                result.map((row, _) -> String.valueOf(row.get(0, String.class))))),
            connection -> connection.close());
    return name.blockOptional().orElseThrow();
  }

  private static Candidate at(int port, String database) {
    return new Candidate(
        new Settings.Host("127.0.0.1", port), driver(port, "postgres", "postgres", database));
  }

  private Candidate as(String user, String password, String database) {
    return new Candidate(
        new Settings.Host("127.0.0.1", primary), driver(primary, user, password, database));
  }

  private static PostgresqlConnectionFactory driver(
      int port, String user, String password, String database) {
    return new PostgresqlConnectionFactory(
        PostgresqlConnectionConfiguration.builder()
            .host("127.0.0.1")
            .port(port)
            .database(database)
            .username(user)
            .password(password)
            .build());
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = TestSystem.shared().postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
