package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.config.Purge;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Side effects: none waits for another kind, and none is kept for ever. */
class OutboxIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void deliversARevocationWhileTheMailServerHangs() {
    var outbox = system.context().getBean(Outbox.class);
    try (var hanging = system.smtp().hang()) {
      for (int i = 0; i < 8; i++) {
        Person.stranger(system.client()).register();
      }
      await().until(() -> hanging.callers() > 0);
      var session = UUID.randomUUID();
      var revocation = "SID\n" + session + "\n\n0\nlogout";
      outbox
          .add(Topic.REVOCATION, revocation.getBytes(StandardCharsets.UTF_8), "test:" + session)
          .block();
      await()
          .atMost(Duration.ofSeconds(4))
          .until(() -> system.redis().streamText().contains(session.toString()));
    }
  }

  @Test
  void forgetsAfterADayWhatIsOfNoUse() throws SQLException {
    var person = Person.stranger(system.client());
    var keyed = person.client().with("Idempotency-Key", "\"purge-" + person.email() + "\"");
    new Person(keyed, person.email(), person.password()).register();
    person.client().post("/password/forgot", Map.of("email", person.email()));
    system.smtp().awaitMail(person.email(), "Reset your password");
    system.clock().advance(Duration.ofDays(3));
    var purge = system.context().getBean(Purge.class);
    assertThat(purge.now().blockOptional().orElseThrow()).isPositive();
    assertThat(rows("auth.idempotency")).isZero();
    assertThat(rows("auth.one_time_tokens")).isZero();
    // What others left in it may have been sent since the clock was moved.
    var yesterday = system.clock().instant().minus(Duration.ofDays(1));
    assertThat(rows("auth.outbox where sent_at < '" + yesterday + "'")).isZero();
  }

  private long rows(String what) throws SQLException {
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from " + what)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
