package dev.weir.auth.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.HashMemory;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.ClientKind;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.RecordedConnections;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * R22 by its work instead of the clock: a wrong password costs the same statements and one hash,
 * whether or not there is an account. How long that takes, {@code ./weir drill races --only R22}
 * measures.
 */
class LoginWorkIT {
  private final TestSystem system = TestSystem.shared();
  private final Keys keys = system.context().getBean(Keys.class);

  @Test
  void doesTheSameWorkForAWrongPasswordOfAnAccountAndOfNone() {
    var person = Person.registered(system.client());
    var known = work(person.email());
    assertThat(known.hashes()).isEqualTo(1);
    assertThat(known.statements()).hasSizeGreaterThan(1);
    assertThat(work("no-" + person.email())).isEqualTo(known);
  }

  private Work work(String email) {
    var connections = RecordedConnections.of(system);
    var registry = new SimpleMeterRegistry();
    var metrics = new AuthMetrics(registry);
    try (var hasher = new PasswordHasher(keys, metrics, 1, TestSystem.CHEAP, HashMemory.of(0))) {
      var check = checks(new Database(connections), hasher).check(wrong(email), nowhere());
      assertThatThrownBy(check::block).isInstanceOf(Refused.class);
    }
    return new Work(
        registry.get("weir.auth.hash.duration").timer().count(), connections.statements());
  }

  private LoginChecks checks(Database database, PasswordHasher hasher) {
    var context = system.context();
    return new LoginChecks(
        new LoginChecks.Services(
            database,
            new Accounts(database, keys, system.clock()),
            new Credentials(database, system.clock()),
            hasher,
            context.getBean(Sessions.class),
            context.getBean(Factors.class),
            context.getBean(Challenges.class),
            new AuditLog(database, keys, system.clock())));
  }

  private static LoginRequest wrong(String email) {
    return new LoginRequest(
        email,
        EmailAddress.parse(email),
        "four black cats sat still",
        ClientKind.NATIVE,
        false,
        Optional.empty());
  }

  private static Origin nowhere() {
    return new Origin("127.0.0.1", "-");
  }

  private record Work(long hashes, List<String> statements) {}
}
