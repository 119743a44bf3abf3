package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How many statements of one request change something, as Postgres itself counts them. Each request
 * is made so often that what else goes on in the service cannot be taken for a part of it; the
 * chain of audit events is written beside requests, and left out.
 */
class WritesIT {
  private static final int TIMES = 20;
  private static final Pattern WRITE =
      Pattern.compile("\\b(insert into|update|delete from)\\s+((?:auth|audit)\\.\\w+)");

  private final TestSystem system = TestSystem.shared();

  @Test
  void aRefreshWritesWithOneStatement() throws SQLException {
    var person = Person.registered(system.client());
    var token = new AtomicReference<>(person.login().text("refresh_token"));
    assertThat(writes(() -> refresh(person, token))).isEqualTo(Map.of("update auth.sessions", 1L));
  }

  private static void refresh(Person person, AtomicReference<String> token) {
    var answer = person.refresh(token.get());
    assertThat(answer.status()).isEqualTo(200);
    token.set(answer.text("refresh_token"));
  }

  @Test
  void aLoginWritesItsSessionAndItsEvent() throws SQLException {
    var people =
        Stream.generate(() -> Person.registered(system.client())).limit(TIMES).toList().iterator();
    assertThat(writes(() -> assertThat(people.next().login().status()).isEqualTo(200)))
        .isEqualTo(Map.of("insert into auth.sessions", 1L, "insert into audit.events", 1L));
  }

  @Test
  void aLogoutWritesItsSessionItsEventAndWhatGatewaysAreTold() throws SQLException {
    var person = Person.registered(system.client());
    var callers =
        Stream.generate(() -> person.client().bearer(person.login().text("access_token")))
            .limit(10)
            .toList();
    var other = Person.registered(system.client());
    var more =
        Stream.generate(() -> other.client().bearer(other.login().text("access_token")))
            .limit(10)
            .toList();
    var all = Stream.concat(callers.stream(), more.stream()).toList().iterator();
    assertThat(writes(() -> assertThat(all.next().post("/logout").status()).isEqualTo(204)))
        .isEqualTo(
            Map.of(
                "update auth.sessions", 1L,
                "insert into audit.events", 1L,
                "insert into auth.outbox", 1L));
  }

  /** Returns the writes of one request by the role that serves, by what they write to. */
  private Map<String, Long> writes(Runnable request) throws SQLException {
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create extension if not exists pg_stat_statements");
      statement.execute("select pg_stat_statements_reset()");
      for (int i = 0; i < TIMES; i++) {
        request.run();
      }
      return perRequest(statement);
    }
  }

  private static Map<String, Long> perRequest(Statement statement) throws SQLException {
    var calls = new TreeMap<String, Long>();
    try (var rows =
        statement.executeQuery(
            "select query, calls from pg_stat_statements where userid = 'auth_app'::regrole")) {
      while (rows.next()) {
        long times = rows.getLong("calls");
        WRITE
            .matcher(rows.getString("query"))
            .results()
            .map(write -> write.group(1) + " " + write.group(2))
            .forEach(what -> calls.merge(what, times, Long::sum));
      }
    }
    calls.remove("insert into audit.links");
    calls.replaceAll((_, times) -> times / TIMES);
    calls.values().removeAll(List.of(0L));
    return calls;
  }
}
