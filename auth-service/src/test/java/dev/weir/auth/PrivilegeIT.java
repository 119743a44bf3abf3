package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looks at what the service's own database role may do, and at what a stolen table would tell. */
class PrivilegeIT {
  private final TestSystem system = TestSystem.shared();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_app | delete from audit.events",
        "auth_app | update audit.events set action = 'x'",
        "auth_app | select * from audit.events",
        "auth_app | truncate audit.events",
        "auth_app | select * from audit.links",
        "auth_app | update audit.links set seq = 0",
        "auth_app | delete from audit.links",
        "auth_app | delete from audit.anchors",
        "auth_app | select audit.drop_months()",
        "auth_app | select audit.make_months()",
        "auth_app | select audit.drop_unfiled(1)",
        "auth_app | select audit.drop_links(1)",
        "auth_app | select * from audit.anchors",
        "auth_app | select * from audit.months_state()",
        "auth_app | select audit.oldest()",
        "auth_app | truncate auth.sessions",
        "auth_app | delete from auth.users",
        "auth_app | delete from auth.keys",
        "auth_app | delete from auth.sessions",
        "auth_app | delete from auth.outbox",
        "auth_app | update auth.outbox set sent_at = now()",
        "auth_app | drop table auth.users",
        "auth_app | alter table auth.users add column mine int",
        "auth_app | create table auth.mine (id int)",
        "auth_app | create schema mine",
        "auth_app | set role auth_purge",
        "auth_outbox | select * from auth.users",
        "auth_outbox | select * from auth.keys",
        "auth_outbox | update auth.outbox set payload_ct = ''",
        "auth_outbox | delete from auth.outbox",
        "auth_outbox | insert into audit.events (at, action, trace_id) values (now(), 'x', '-')",
        "auth_purge | select payload_ct from auth.outbox",
        "auth_purge | select digest from auth.one_time_tokens",
        "auth_purge | delete from auth.sessions",
        "auth_purge | delete from audit.events",
        "auth_purge | drop table audit.events",
        "auth_purge | delete from audit.anchors",
        "auth_purge | insert into audit.anchors values ('infinity', 1, '', '', '')",
        "auth_read | select audit.drop_months()",
        "auth_read | select email_ct from auth.users",
        "auth_read | select key_ct from auth.sessions",
        "auth_read | select * from auth.keys",
        "auth_read | select * from auth.credentials_password",
        "auth_read | insert into audit.events (at, action, trace_id) values (now(), 'x', '-')",
        "auth_read | update audit.events set action = 'x'",
        "auth_read | create table public.mine (id int)"
      })
  void refusesEachRoleWhatIsNotItsWork(String role, String statement) {
    assertThatThrownBy(() -> as(role, statement))
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("42501");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth_outbox | select id, payload_ct from auth.outbox for update skip locked",
        "auth_purge | delete from auth.outbox where sent_at < '2000-01-01'",
        "auth_purge | delete from auth.one_time_tokens where expires_at < '2000-01-01'",
        "auth_purge | select audit.make_months(), audit.drop_months(), audit.drop_links(1)",
        "auth_purge | select audit.drop_unfiled(1), count(*) from audit.anchors",
        "auth_purge | select made_until, unfiled, audit.oldest() from audit.months_state()",
        "auth_read | select count(*) from audit.anchors",
        "auth_read | select count(*) from audit.events join audit.links on event_id = id",
        "auth_read | select count(*) from auth.account_states, auth.session_states, auth.outbox_states"
      })
  void letsEachRoleDoItsWork(String role, String statement) throws SQLException {
    as(role, statement);
  }

  /**
   * Where a search path leaves it out, the schema of a session's own types is looked at before any
   * other: then their checks run as whoever owns the function that names such a type.
   */
  @Test
  void lendsNobodyTheOwnersRightsThroughTypesOfTheirOwn() throws SQLException {
    try (var connection = connect("auth_purge");
        var statement = connection.createStatement()) {
      statement.execute(
          """
          create function pg_temp.runs(value pg_catalog.text) returns pg_catalog.bool language plpgsql
            as $$ begin raise exception '%', current_user; end $$;
          create domain pg_temp.text as pg_catalog.text check (pg_temp.runs(value))""");
      statement.execute("select audit.make_months()");
    }
  }

  @Test
  void namesTheTypesOfASessionLastInEveryFunction() throws SQLException {
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select p.oid::regprocedure::text, array_to_string(p.proconfig, ',')
                from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname in ('auth', 'audit')""")) {
      assertThat(rows.next()).isTrue();
      do {
        assertThat(rows.getString(2))
            .as(rows.getString(1))
            .isEqualTo("search_path=pg_catalog, pg_temp");
      } while (rows.next());
    }
  }

  /** By whatever way somebody comes as the role: here by a driver that sets nothing. */
  @ParameterizedTest
  @CsvSource({
    "auth_app, statement_timeout, 2s",
    "auth_app, lock_timeout, 1s",
    "auth_app, idle_in_transaction_session_timeout, 15s",
    "auth_outbox, statement_timeout, 2s",
    "auth_purge, statement_timeout, 30s",
    "auth_read, statement_timeout, 30s",
    "auth_read, lock_timeout, 1s"
  })
  void endsEveryWaitOfEveryRole(String role, String name, String value) throws SQLException {
    try (var connection = connect(role);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("show " + name)) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo(value);
    }
  }

  @Test
  void storesNeitherAddressNorPasswordNorTokenInTheOpen() throws SQLException {
    var person = Person.registered(system.client());
    var token = person.login().text("refresh_token");
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select u::text || c::text || s::text from auth.users u join"
                    + " auth.credentials_password c on c.user_id = u.id join auth.sessions s on"
                    + " s.user_id = u.id")) {
      var seen = new StringBuilder();
      while (rows.next()) {
        seen.append(rows.getString(1));
      }
      assertThat(seen.toString()).contains("$argon2id$v=19$m=2048,t=1,p=1$");
      assertThat(seen.toString()).doesNotContain(person.email(), person.password(), token);
    }
  }

  private void as(String role, String sql) throws SQLException {
    try (var connection = connect(role);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection connect(String role) throws SQLException {
    var url = system.postgres().getJdbcUrl(role, "postgres");
    return DriverManager.getConnection(url.replaceFirst("\\?.*", ""), role, "of the application");
  }
}
