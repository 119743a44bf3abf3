package dev.weir.auth.testing;

import dev.weir.auth.testing.AuthClient.Answer;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Somebody with a passkey.
 *
 * @param weak a client with the token that the first passkey was added with, of a password alone
 * @param codes the recovery codes that came with the passkey
 */
public record Keyholder(
    Person person, SoftwarePasskey passkey, String id, AuthClient weak, List<String> codes) {
  public static final String ASK = "/passkeys/register/options";
  public static final String ADD = "/passkeys/register/verify";
  public static final String CHALLENGE = "/passkeys/login/options";
  public static final String LOGIN = "/passkeys/login/verify";
  public static final String OPTIONS = "/mfa/passkey/options";
  public static final String VERIFY = "/mfa/verify";

  public static Keyholder registered(AuthClient client) {
    var person = Person.registered(client);
    return adding(person, person.loggedIn());
  }

  /** Adds a passkey with a client that may. */
  public static Keyholder adding(Person person, AuthClient me) {
    var options = me.post(ASK).json();
    var passkey = SoftwarePasskey.make().of(options);
    var added = me.post(ADD, Map.of("credential", passkey.creation(options), "name", "Laptop"));
    if (added.status() != 201) {
      throw new AssertionError("add: " + added.status() + " " + added.response().body());
    }
    var codes = added.json().path("recovery_codes").valueStream().map(JsonNode::asString).toList();
    return new Keyholder(person, passkey, added.text("id"), me, codes);
  }

  public JsonNode challenge() {
    return person.client().post(CHALLENGE).json();
  }

  /** Logs in with the passkey, or with what it was told to pretend. */
  public Answer login(SoftwarePasskey presented) {
    return answer(presented, challenge());
  }

  public Answer answer(SoftwarePasskey presented, JsonNode options) {
    return person.client().post(LOGIN, body(presented, options));
  }

  public static Map<String, ?> body(SoftwarePasskey presented, JsonNode options) {
    return Map.of("credential", presented.assertion(options), "client", "native");
  }

  /** Returns a client that carries the access token of a fresh login with the passkey. */
  public AuthClient loggedIn() {
    return person.client().bearer(login(passkey).text("access_token"));
  }

  /** Logs in with the password, and returns the challenge that is left. */
  public String owed() {
    return person.login().text("challenge_id");
  }

  public Answer options(String challenge) {
    return person.client().post(OPTIONS, Map.of("challenge_id", challenge));
  }

  /** Meets a challenge with an answer to these options. */
  public Answer verify(String challenge, SoftwarePasskey presented, JsonNode options) {
    return person.client().post(VERIFY, met(challenge, presented, options));
  }

  public Answer verify(String challenge) {
    return verify(challenge, passkey, options(challenge).json());
  }

  public static Map<String, ?> met(String challenge, SoftwarePasskey presented, JsonNode options) {
    return Map.of("challenge_id", challenge, "credential", presented.assertion(options));
  }
}
