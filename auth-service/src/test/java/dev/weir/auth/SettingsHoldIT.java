package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.HeldAccount;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes an account by a session that is being ended: who has stolen one, and keeps a call in the
 * air, gets nothing done after its owner has been told that it is over.
 */
class SettingsHoldIT {
  private final TestSystem system = TestSystem.shared();
  private final Person person = Person.registered(system.client());
  private final AuthClient me = person.loggedIn();
  private final HeldAccount held = new HeldAccount(system, person);

  @ParameterizedTest
  @ValueSource(strings = {HeldAccount.ALL_ENDED, HeldAccount.SESSION_ENDED})
  void changesNoPasswordBesideTheEndOfItsSession(String end) throws SQLException {
    var change =
        Map.of("current_password", person.password(), "new_password", "five lazy dogs sat down");
    var answer = held.beside(() -> me.post("/password/change", change), end);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("with the old one").isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {HeldAccount.ALL_ENDED, HeldAccount.SESSION_ENDED})
  void movesToNoAddressBesideTheEndOfItsSession(String end) throws SQLException {
    var wanted = "moved-" + person.email();
    me.post("/users/me/email", Map.of("email", wanted));
    var code = system.smtp().code(wanted, "Confirm your new address");
    var answer = held.beside(() -> me.post("/users/me/email/confirm", Map.of("code", code)), end);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("at the old one").isEqualTo(200);
  }

  @Test
  void erasesNothingBesideTheEndOfItsSession() throws SQLException {
    var answer = held.beside(() -> me.delete("/users/me"), HeldAccount.SESSION_ENDED);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("still there").isEqualTo(200);
  }
}
