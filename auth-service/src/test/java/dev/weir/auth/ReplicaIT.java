package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import org.junit.jupiter.api.Test;

/** Reads where the replica is the primary itself, and where nobody listens at its address. */
class ReplicaIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void answersFromTheReplica() {
    var person = Person.registered(system.client());
    long before = reads();
    assertThat(shown(person.client().bearer(person.login().text("access_token")))).isTrue();
    assertThat(reads()).isEqualTo(before + 2);
  }

  @Test
  void answersFromThePrimaryWhileTheReplicaIsLost() {
    var person = Person.registered(system.client());
    var elsewhere = new Person(system.concealing(), person.email(), person.password());
    assertThat(shown(elsewhere.client().bearer(elsewhere.login().text("access_token")))).isTrue();
  }

  private static boolean shown(AuthClient client) {
    assertThat(client.get("/sessions").status()).isEqualTo(200);
    assertThat(client.get("/users/me").status()).isEqualTo(200);
    return true;
  }

  private long reads() {
    return (long)
        system
            .context()
            .getBean(io.micrometer.core.instrument.MeterRegistry.class)
            .counter("weir.auth.replica.reads", "answered_by", "replica")
            .count();
  }
}
