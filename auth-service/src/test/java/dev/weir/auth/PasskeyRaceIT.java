package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.LeakCheck;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What two answers at one moment lead to. */
@ExtendWith(LeakCheck.class)
class PasskeyRaceIT {
  private static final int AT_ONCE = 8;

  private final TestSystem system = TestSystem.shared();

  private static List<Answer> together(Supplier<CompletableFuture<Answer>> call) {
    var calls = Stream.generate(call).limit(AT_ONCE).toList();
    return calls.stream().map(CompletableFuture::join).toList();
  }

  @Test
  void opensOneSessionForAChallengeHoweverManyAnswerItTogether() {
    var holder = Keyholder.registered(system.client());
    var body = Keyholder.body(holder.passkey(), holder.challenge());
    var client = holder.person().client();
    var answers = together(() -> client.postAsync(Keyholder.LOGIN, body));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .allMatch(answer -> answer.code().equals("passkey-refused"));
  }

  @Test
  void keepsAPasskeyOnceHoweverManyBringItTogether() {
    var holder = Keyholder.registered(system.client());
    var me = holder.loggedIn();
    var options = me.post(Keyholder.ASK).json();
    var body = Map.of("credential", SoftwarePasskey.make().creation(options));
    var answers = together(() -> me.postAsync(Keyholder.ADD, body));

    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(me.get("/passkeys").json().path("passkeys").size()).isEqualTo(2);
  }

  @Test
  void letsTwoOfOneAuthenticatorCountUpOnce() {
    var holder = Keyholder.registered(system.client());
    var counting = holder.passkey().counting(3);
    var client = holder.person().client();
    var answers =
        together(
            () -> client.postAsync(Keyholder.LOGIN, Keyholder.body(counting, holder.challenge())));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
  }

  @Test
  void takesAPasskeyFromNobodyWhoseAccountIsDisabledOrErased() {
    var holder = Keyholder.registered(system.client());
    var asked = holder.challenge();
    assertThat(holder.loggedIn().delete("/users/me").status()).isEqualTo(204);
    assertThat(holder.answer(holder.passkey(), asked).code()).isEqualTo("passkey-refused");
  }
}
