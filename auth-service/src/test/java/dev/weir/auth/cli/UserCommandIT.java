package dev.weir.auth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.administration.Administration;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Does by command what an operator does. */
class UserCommandIT {
  private final TestSystem system = TestSystem.shared();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final UserCommand command =
      new UserCommand(
          system.context().getBean(Administration.class),
          new PrintStream(out, true, StandardCharsets.UTF_8));

  @Test
  void createsSomebodyWhoSetsThePasswordByMail() {
    var person = Person.stranger(system.client());
    assertThat(command.run(List.of("create", person.email()))).isZero();
    assertThat(command.run(List.of("create", person.email()))).isEqualTo(1);
    assertThat(printed()).contains("active roles customer", "(email-taken)");
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    var code = system.smtp().code(person.email(), "Reset your password");
    var reset = Map.of("code", code, "password", person.password());
    assertThat(person.client().post("/password/reset", reset).status()).isEqualTo(204);
    assertThat(person.login().status()).isEqualTo(200);
  }

  @Test
  void makesTheFirstAdministratorAndEndsSessions() {
    var person = Person.registered(system.client());
    assertThat(command.run(List.of("grant", person.email(), "admin"))).isZero();
    var login = person.login();
    assertThat(command.run(List.of("show", person.email()))).isZero();
    assertThat(command.run(List.of("sessions", person.email()))).isZero();
    assertThat(printed()).contains("roles admin,customer", login.text("session_id"));
    assertThat(command.run(List.of("disable", person.email()))).isZero();
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(command.run(List.of("enable", person.email()))).isZero();
    assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
    assertThat(command.run(List.of("grant", person.email(), "emperor"))).isEqualTo(1);
    assertThat(command.run(List.of("show", "nobody-here@example.org"))).isEqualTo(1);
  }

  @Test
  void tellsHowItIsUsed() {
    assertThat(command.run(List.of())).isEqualTo(2);
    assertThat(command.run(List.of("grant", "a@example.org"))).isEqualTo(2);
    assertThat(command.run(List.of("show", "no address"))).isEqualTo(2);
    assertThat(printed()).startsWith("usage: user create ADDRESS");
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
