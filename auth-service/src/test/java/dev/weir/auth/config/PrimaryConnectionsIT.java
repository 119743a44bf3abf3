package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.testing.TestSystem;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Looks for the primary among hosts of which others are away, say nothing or are read-only. */
class PrimaryConnectionsIT {
  private final int primary = TestSystem.shared().postgres().getPort();

  @Test
  void passesOverAHostThatIsAwayAndOneThatTakesConnectionsAndSaysNothing() throws IOException {
    try (var frozen = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
      var hosts =
          List.of(
              at(1, "postgres"), at(frozen.getLocalPort(), "postgres"), at(primary, "postgres"));
      assertThat(databaseOf(new PrimaryConnections(hosts))).isEqualTo("postgres");
    }
  }

  @Test
  void writesToNoHostThatIsReadOnly() throws SQLException {
    execute("create database read_only_host");
    execute("alter database read_only_host set default_transaction_read_only = on");
    var alone = new PrimaryConnections(List.of(at(primary, "read_only_host")));
    assertThatThrownBy(() -> databaseOf(alone))
        .isInstanceOf(R2dbcTransientResourceException.class)
        .hasMessage("no host is a primary");
    var both =
        new PrimaryConnections(List.of(at(primary, "read_only_host"), at(primary, "postgres")));
    assertThat(databaseOf(both)).isEqualTo("postgres");
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

  private static PostgresqlConnectionFactory at(int port, String database) {
    return new PostgresqlConnectionFactory(
        PostgresqlConnectionConfiguration.builder()
            .host("127.0.0.1")
            .port(port)
            .database(database)
            .username("postgres")
            .password("postgres")
            .build());
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = TestSystem.shared().postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
