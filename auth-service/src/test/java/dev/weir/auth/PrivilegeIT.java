package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Looks at what the service's own database role may do, and at what a stolen table would tell. */
class PrivilegeIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void mayNotRewriteHistoryOrSchema() {
    for (var statement :
        new String[] {
          "delete from audit.events",
          "update audit.events set action = 'x'",
          "select * from audit.events",
          "select * from audit.links",
          "update audit.links set seq = 0",
          "delete from audit.links",
          "truncate audit.events",
          "truncate auth.sessions",
          "delete from auth.users",
          "delete from auth.keys",
          "drop table auth.users",
          "create table auth.mine (id int)"
        }) {
      assertThatThrownBy(() -> asApplication(statement))
          .as(statement)
          .isInstanceOf(SQLException.class)
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("42501");
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

  private void asApplication(String sql) throws SQLException {
    var url = system.postgres().getJdbcUrl("auth_app", "postgres");
    try (var connection =
            java.sql.DriverManager.getConnection(
                url.replaceFirst("\\?.*", ""), "auth_app", "of the application");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
