package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.factor.Authenticator;
import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.HeldAccount;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Adds a factor while something else has the person's row, done but not yet seen by anybody: what
 * was true when the addition began is not true any more when it is written.
 */
class FactorHoldIT {
  private static final String HELD = "select id from auth.users where id = ? for no key update";
  private static final String CONFIRMED =
      "update auth.factors set status = 'active' where user_id = ?";

  private final TestSystem system = TestSystem.shared();
  private final Person person = Person.registered(system.client());
  private final AuthClient me = person.loggedIn();
  private final HeldAccount held = new HeldAccount(system, person);

  @Test
  void addsNoPasskeyBesideTheEndOfAllSessions() throws SQLException {
    var body = passkey();
    var answer = held.beside(() -> me.post(Keyholder.ADD, body), HeldAccount.ALL_ENDED);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  @Test
  void confirmsNoAuthenticatorBesideTheEndOfAllSessions() throws SQLException {
    var enrolment = me.post("/factors/totp");
    var code = new Authenticator(enrolment.text("secret"), system.clock()).code();
    var path = "/factors/" + enrolment.text("id") + "/confirm";
    var answer = held.beside(() -> me.post(path, Map.of("code", code)), HeldAccount.ALL_ENDED);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  /** Of two who add the first factor with the password alone, the later one needs the other's. */
  @Test
  void addsNoPasskeyByThePasswordAloneBesideTheFirstFactor() throws SQLException {
    assertThat(me.post("/factors/totp").status()).isEqualTo(201);
    var body = passkey();
    var answer = held.beside(() -> me.post(Keyholder.ADD, body), HELD, CONFIRMED);
    HeldAccount.assertRefused(answer, "step-up-required");
    assertThat(me.get("/passkeys").json().path("passkeys").isEmpty()).isTrue();
  }

  /** Whose session was ended, alone, has their answer: what it began does not come after that. */
  @Test
  void addsNoPasskeyBesideTheEndOfItsSession() throws SQLException {
    var body = passkey();
    var answer = held.beside(() -> me.post(Keyholder.ADD, body), HeldAccount.SESSION_ENDED);
    HeldAccount.assertRefused(answer, "token-invalid");
    assertThat(person.login().status()).as("no second factor").isEqualTo(200);
  }

  @Test
  void takesNothingAwayBesideTheEndOfItsSession() throws SQLException {
    var holder = Keyholder.adding(person, me);
    var strong = holder.loggedIn();
    var removal =
        held.beside(() -> strong.delete("/passkeys/" + holder.id()), HeldAccount.SESSION_ENDED);
    HeldAccount.assertRefused(removal, "token-invalid");
    var other = holder.loggedIn();
    var renewal =
        held.beside(() -> other.post("/factors/recovery-codes"), HeldAccount.SESSION_ENDED);
    HeldAccount.assertRefused(renewal, "token-invalid");
    assertThat(holder.login(holder.passkey()).status()).as("still there").isEqualTo(200);
  }

  @Test
  void meetsNoChallengeBesideTheEndOfAllSessions() throws SQLException {
    var guarded = Guarded.of(system, person);
    var challenge = person.login().text("challenge_id");
    var code = guarded.freshCode();
    var answer = held.beside(() -> guarded.verify(challenge, code), HeldAccount.ALL_ENDED);
    HeldAccount.assertRefused(answer, "challenge-expired");
    assertThat(guarded.verify(person.login().text("challenge_id"), code).status())
        .as("with the code, which is not used up")
        .isEqualTo(200);
  }

  private Map<String, ?> passkey() {
    var options = me.post(Keyholder.ASK).json();
    return Map.of("credential", SoftwarePasskey.make().of(options).creation(options));
  }
}
