package dev.weir.auth.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.testing.AuthClient.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

  /** Whoever waits for the row for over a second, on a busy machine, is refused as well. */
  public static void assertRefused(Answer answer, String code) {
    assertThat(answer.code()).isIn(code, "database-unavailable");
  }

  /** Calls between what is done to the account and its commit, once the call waits for that. */
  public Answer beside(Supplier<Answer> call, String... changes) throws SQLException {
    var administration = system.context().getBean(Administration.class);
    var user = administration.find(new EmailAddress(person.email())).blockOptional().orElseThrow();
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var other = system.postgres().getPostgresDatabase().getConnection()) {
      connection.setAutoCommit(false);
      for (var change : changes) {
        execute(connection, change, user.account().id());
      }
      var answer = CompletableFuture.supplyAsync(call);
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> answer.isDone() || isAnyoneWaiting(other));
      connection.commit();
      return answer.join();
    }
  }

  private static void execute(Connection connection, String sql, UUID id) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.execute();
    }
  }

  private static boolean isAnyoneWaiting(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select 1 from pg_locks where not granted")) {
      return rows.next();
    }
  }
}
