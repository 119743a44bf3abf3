package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Registers somebody's address before they do, and waits. */
class PreRegistrationIT {
  private static final String CONFIRM = "Confirm your address";
  private static final String RESET = "Reset your password";
  private static final String HOLDERS = "nine green birds flew up";

  private final TestSystem system = TestSystem.shared();

  @Test
  void givesAPendingAccountToWhoeverReadsItsMail() {
    var squatter = Person.stranger(system.concealing());
    assertThat(squatter.register().status()).isEqualTo(202);
    var first = system.smtp().code(squatter.email(), CONFIRM);
    var holder = squatter.withPassword(HOLDERS);

    assertThat(reset(holder).status()).isEqualTo(204);
    assertThat(holder.login().status()).isEqualTo(200);
    assertThat(squatter.login().code()).isEqualTo("invalid-credentials");
    var late = Map.of("code", first, "password", squatter.password());
    assertThat(squatter.client().post("/register/verify", late).code())
        .isEqualTo("verification-invalid");
  }

  @Test
  void answersForAPendingAccountAsForAnyOtherAndForNone() {
    var pending = Person.stranger(system.concealing());
    pending.register();
    var active = Person.registered(system.client());
    var nobody = Person.stranger(system.client());
    var answer = forgot(pending);
    assertThat(answer.status()).isEqualTo(202);
    for (var other : new Answer[] {forgot(active), forgot(nobody)}) {
      assertThat(other.status()).isEqualTo(202);
      assertThat(other.response().body()).isEqualTo(answer.response().body());
      assertThat(other.response().headers().map().keySet())
          .isEqualTo(answer.response().headers().map().keySet());
    }
  }

  @Test
  void leavesTheSquatterOfAnUnprovenAddressNothingToComeBackWith() {
    var guarded = Guarded.person(system);
    var squatter = guarded.person();
    var strong = guarded.login();
    var me = squatter.client().bearer(strong.text("access_token"));
    var passkey = Keyholder.adding(squatter, me);
    var holder = squatter.withPassword(HOLDERS);

    assertThat(reset(holder).status()).isEqualTo(204);
    system.smtp().awaitMail(squatter.email(), "A second factor was removed");
    assertThat(holder.login().status()).as("and no second factor is asked for").isEqualTo(200);
    assertThat(passkey.login(passkey.passkey()).code()).isEqualTo("passkey-refused");
    assertThat(squatter.refresh(strong.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(me.get("/users/me").code()).isEqualTo("token-invalid");
  }

  @Test
  void leavesTheFactorsOfAProvenAddress() {
    var person = Person.registered(system.client());
    var code = system.smtp().code(person.email(), CONFIRM);
    var proof = Map.of("code", code, "password", person.password());
    assertThat(person.client().post("/register/verify", proof).status()).isEqualTo(204);
    Guarded.of(system, person);
    var holder = person.withPassword(HOLDERS);
    assertThat(reset(holder).status()).isEqualTo(204);
    assertThat(holder.login().code()).isEqualTo("mfa-required");
  }

  private Answer reset(Person holder) {
    forgot(holder);
    var code = system.smtp().code(holder.email(), RESET);
    return holder
        .client()
        .post("/password/reset", Map.of("code", code, "password", holder.password()));
  }

  private static Answer forgot(Person person) {
    return person.client().post("/password/forgot", Map.of("email", person.email()));
  }
}
