package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.factor.Authenticator;
import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Guarded;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a session says of how and when its person was seen, and no more than that. */
class FreshnessIT {
  private static final String OTHER = "five lazy dogs sat down";

  private final TestSystem system = TestSystem.shared();

  @Test
  void renewsNoSecondFactorByAChangeOfThePassword() {
    var guarded = Guarded.person(system);
    var login = guarded.login();
    system.clock().advance(Duration.ofMinutes(4));
    var changed = changed(guarded.person(), login);
    assertThat(changed.text("acr")).isEqualTo("urn:x:aal2");
    assertThat(claims(changed).path("auth_time")).isEqualTo(claims(login).path("auth_time"));
    system.clock().advance(Duration.ofMinutes(2));
    var me = guarded.person().client().bearer(changed.text("access_token"));
    assertThat(me.get("/users/me").status()).isEqualTo(200);
    assertThat(me.delete("/factors/" + guarded.factor()).code()).isEqualTo("step-up-required");
  }

  @Test
  void renewsAPasswordByAChangeOfIt() {
    var person = Person.registered(system.client());
    var login = person.login();
    system.clock().advance(Duration.ofMinutes(4));
    var changed = changed(person, login);
    assertThat(amr(changed)).containsExactly("pwd");
    assertThat(claims(changed).path("auth_time").asLong())
        .isGreaterThanOrEqualTo(claims(login).path("auth_time").asLong() + 240);
  }

  @Test
  void endsWhatASecondFactorGaveAlsoWhereALostAnswerIsRepeated() {
    var guarded = Guarded.person(system);
    var login = browserLogin(guarded);
    var here = browser(guarded, login);
    var lost = here.post("/token/refresh");
    assertThat(lost.text("acr")).isEqualTo("urn:x:aal2");
    system.clock().advance(Duration.ofMinutes(61));
    var again = here.post("/token/refresh");
    assertThat(again.cookie("__Host-rt")).as("repeated").isEqualTo(lost.cookie("__Host-rt"));
    assertThat(again.text("acr")).isEqualTo("urn:x:aal1");
  }

  @Test
  void saysOfNoPasswordThatItWasGiven() {
    var holder = Keyholder.registered(system.client());
    var login = holder.login(holder.passkey());
    assertThat(amr(login)).containsExactly("pop", "mfa");
    var me = holder.person().client().bearer(login.text("access_token"));
    var guarded = guarded(holder, me);
    var challenge = me.post("/mfa/challenge").text("challenge_id");
    var raised = guarded.verify(challenge, guarded.freshCode());
    assertThat(amr(raised)).containsExactly("pop", "otp", "mfa");
  }

  private static Answer changed(Person person, Answer session) {
    var change = Map.of("current_password", person.password(), "new_password", OTHER);
    return person.client().bearer(session.text("access_token")).post("/password/change", change);
  }

  private Guarded guarded(Keyholder holder, AuthClient me) {
    var enrolment = me.post("/factors/totp");
    var authenticator = new Authenticator(enrolment.text("secret"), system.clock());
    var id = enrolment.text("id");
    var confirmed = me.post("/factors/" + id + "/confirm", Map.of("code", authenticator.code()));
    assertThat(confirmed.status()).isEqualTo(200);
    return new Guarded(system, holder.person(), id, authenticator, List.of());
  }

  private static Answer browserLogin(Guarded guarded) {
    var owed = guarded.person().loginInBrowser().text("challenge_id");
    return guarded.verify(owed, guarded.freshCode());
  }

  private static AuthClient browser(Guarded guarded, Answer login) {
    var cookies =
        "__Host-rt=%s; __Host-csrf=%s; __Host-dev=%s"
            .formatted(
                login.cookie("__Host-rt"), login.cookie("__Host-csrf"), login.cookie("__Host-dev"));
    return guarded
        .person()
        .client()
        .with("Cookie", cookies)
        .with("X-CSRF-Token", login.text("csrf_token"))
        .with("Origin", "https://localhost:8443");
  }

  private static List<String> amr(Answer answer) {
    return claims(answer).path("amr").valueStream().map(JsonNode::asString).toList();
  }

  private static JsonNode claims(Answer answer) {
    var payload = answer.text("access_token").split("\\.", -1)[1];
    var text = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
    return JsonMapper.builder().build().readTree(text);
  }
}
