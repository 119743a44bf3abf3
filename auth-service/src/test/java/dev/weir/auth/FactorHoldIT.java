package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.factor.Authenticator;
import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Adds a factor while something else has the person's row, done but not yet seen by anybody: what
 * was true when the addition began is not true any more when it is written.
 */
class FactorHoldIT {
  private static final String ALL_ENDED =
      "update auth.users set user_epoch = user_epoch + 1 where id = ?";
  private static final String SESSION_ENDED =
      """
      update auth.sessions set status = 'revoked', revoked_at = now(), revoke_reason = 'revoked'
      where user_id = ?""";
  private static final String HELD = "select id from auth.users where id = ? for no key update";
  private static final String CONFIRMED =
      "update auth.factors set status = 'active' where user_id = ?";

  private final TestSystem system = TestSystem.shared();
  private final Person person = Person.registered(system.client());
  private final AuthClient me = person.loggedIn();

  @Test
  void addsNoPasskeyBesideTheEndOfAllSessions() throws SQLException {
    var body = passkey();
    var answer = beside(() -> me.post(Keyholder.ADD, body), ALL_ENDED);
    assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  @Test
  void confirmsNoAuthenticatorBesideTheEndOfAllSessions() throws SQLException {
    var enrolment = me.post("/factors/totp");
    var code = new Authenticator(enrolment.text("secret"), system.clock()).code();
    var path = "/factors/" + enrolment.text("id") + "/confirm";
    var answer = beside(() -> me.post(path, Map.of("code", code)), ALL_ENDED);
    assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  /** Of two who add the first factor with the password alone, the later one needs the other's. */
  @Test
  void addsNoPasskeyByThePasswordAloneBesideTheFirstFactor() throws SQLException {
    assertThat(me.post("/factors/totp").status()).isEqualTo(201);
    var body = passkey();
    var answer = beside(() -> me.post(Keyholder.ADD, body), HELD, CONFIRMED);
    assertRefused(answer, "step-up-required");
    assertThat(me.get("/passkeys").json().path("passkeys").isEmpty()).isTrue();
  }

  /** Whose session was ended, alone, has their answer: what it began does not come after that. */
  @Test
  void addsNoPasskeyBesideTheEndOfItsSession() throws SQLException {
    var body = passkey();
    var answer = beside(() -> me.post(Keyholder.ADD, body), SESSION_ENDED);
    assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  @Test
  void takesNothingAwayBesideTheEndOfItsSession() throws SQLException {
    var holder = Keyholder.adding(person, me);
    var strong = holder.loggedIn();
    var removal = beside(() -> strong.delete("/passkeys/" + holder.id()), SESSION_ENDED);
    assertRefused(removal, "token-invalid");
    var other = holder.loggedIn();
    var renewal = beside(() -> other.post("/factors/recovery-codes"), SESSION_ENDED);
    assertRefused(renewal, "token-invalid");
    assertThat(holder.login(holder.passkey()).status()).as("still there").isEqualTo(200);
  }

  private Map<String, ?> passkey() {
    var options = me.post(Keyholder.ASK).json();
    return Map.of("credential", SoftwarePasskey.make().of(options).creation(options));
  }

  /** Whoever waits for the row for over a second, on a busy machine, is refused as well. */
  private static void assertRefused(Answer answer, String code) {
    assertThat(answer.code()).isIn(code, "database-unavailable");
  }

  /** Calls between what is done to the account and its commit, once the call waits for that. */
  private Answer beside(Supplier<Answer> call, String... changes) throws SQLException {
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
