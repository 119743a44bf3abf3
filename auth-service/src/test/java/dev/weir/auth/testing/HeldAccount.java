package dev.weir.auth.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.testing.AuthClient.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A person to whose rows something has been done that nobody sees yet. */
public record HeldAccount(TestSystem system, Person person) {
  public static final String ALL_ENDED =
      "update auth.users set user_epoch = user_epoch + 1 where id = ?";
  public static final String SESSION_ENDED =
      """
      update auth.sessions set status = 'revoked', revoked_at = now(), revoke_reason = 'revoked'
      where user_id = ?""";

  private static final String WAITING =
      "select 1 from pg_stat_activity where ? = any(pg_blocking_pids(pid))";

  private static final List<String> FACTORS =
      List.of("auth.factors", "auth.passkeys", "auth.recovery_codes");

  private static final int TABLES = 5;

  /** What the calls under test would change of a person. */
  private static final String ROWS =
      """
      select (select u::text from auth.users u where id = ?),
        (select p::text from auth.credentials_password p where user_id = ?),
        (select string_agg(f::text, ' ' order by f::text) from auth.factors f where user_id = ?),
        (select string_agg(k::text, ' ' order by k::text) from auth.passkeys k where user_id = ?),
        (select string_agg(c::text, ' ' order by c::text) from auth.recovery_codes c
          where user_id = ?)""";

  /**
   * Whoever waits for the row for over a second, on a busy machine, is refused as well; that
   * nothing was written either way is what {@link #beside} looks after.
   */
  public static void assertRefused(Answer answer, String code) {
    assertThat(answer.code()).isIn(code, "database-unavailable");
  }

  /**
   * Calls between what is done to the account and its commit, once the call waits for that, and
   * asserts that the call has changed nothing. Fails where what waits for the account has a factor
   * of it already: who takes one away has the account first, and the two would wait for each other.
   */
  public Answer beside(Supplier<Answer> call, String... changes) throws SQLException {
    var administration = system.context().getBean(Administration.class);
    var user = administration.find(new EmailAddress(person.email())).blockOptional().orElseThrow();
    var id = user.account().id();
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var other = system.postgres().getPostgresDatabase().getConnection()) {
      connection.setAutoCommit(false);
      for (var change : changes) {
        execute(connection, change, id);
      }
      var before = rows(connection, id);
      int holder = pid(connection);
      var answer = CompletableFuture.supplyAsync(call);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> answer.isDone() || isAnyoneWaiting(other, holder));
      for (var table : FACTORS) {
        execute(connection, "select 1 from " + table + " where user_id = ? for update nowait", id);
      }
      connection.commit();
      var answered = answer.join();
      assertThat(rows(other, id)).isEqualTo(before);
      return answered;
    }
  }

  private static void execute(Connection connection, String sql, UUID id) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.execute();
    }
  }

  private static List<String> rows(Connection connection, UUID id) throws SQLException {
    try (var statement = connection.prepareStatement(ROWS)) {
      for (int i = 1; i <= TABLES; i++) {
        statement.setObject(i, id);
      }
      try (var rows = statement.executeQuery()) {
        rows.next();
        var texts = new ArrayList<String>();
        for (int i = 1; i <= TABLES; i++) {
          texts.add(String.valueOf(rows.getString(i)));
        }
        return texts;
      }
    }
  }

  private static int pid(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select pg_backend_pid()")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static boolean isAnyoneWaiting(Connection connection, int holder) throws SQLException {
    try (var statement = connection.prepareStatement(WAITING)) {
      statement.setInt(1, holder);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
