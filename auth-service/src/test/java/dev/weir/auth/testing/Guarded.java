package dev.weir.auth.testing;

import dev.weir.auth.factor.Authenticator;
import dev.weir.auth.testing.AuthClient.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Somebody with a second factor. */
public record Guarded(
    TestSystem system,
    Person person,
    String factor,
    Authenticator authenticator,
    List<String> codes) {

  public static Guarded person(TestSystem system) {
    return of(system, Person.registered(system.client()));
  }

  /** Gives somebody a second factor. */
  public static Guarded of(TestSystem system, Person person) {
    var me = person.loggedIn();
    var enrolment = me.post("/factors/totp");
    var authenticator = new Authenticator(enrolment.text("secret"), system.clock());
    var path = "/factors/" + enrolment.text("id") + "/confirm";
    var confirmed = me.post(path, Map.of("code", authenticator.code()));
    if (confirmed.status() != 200) {
      throw new AssertionError("confirm: " + confirmed.response().body());
    }
    var codes = confirmed.json().path("recovery_codes").valueStream().map(n -> n.asString());
    return new Guarded(system, person, enrolment.text("id"), authenticator, codes.toList());
  }

  /** Logs in with password and a code of a step that was not used yet. */
  public Answer login() {
    return verify(person.login().text("challenge_id"), freshCode());
  }

  public AuthClient loggedIn() {
    return person.client().bearer(login().text("access_token"));
  }

  /** Moves the clock to the next step, because a code is good once. */
  public String freshCode() {
    system.clock().advance(Duration.ofSeconds(30));
    return authenticator.code();
  }

  public Answer verify(String challenge, String code) {
    return person.client().post("/mfa/verify", Map.of("challenge_id", challenge, "code", code));
  }
}
