package dev.weir.auth.testing;

import dev.weir.auth.testing.AuthClient.Answer;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Somebody with a passkey. */
public record Keyholder(Person person, SoftwarePasskey passkey, String id) {
  public static final String ASK = "/passkeys/register/options";
  public static final String ADD = "/passkeys/register/verify";
  public static final String CHALLENGE = "/passkeys/login/options";
  public static final String LOGIN = "/passkeys/login/verify";

  public static Keyholder registered(AuthClient client) {
    var person = Person.registered(client);
    var me = person.loggedIn();
    var options = me.post(ASK).json();
    var passkey = SoftwarePasskey.make().of(options);
    var added = me.post(ADD, Map.of("credential", passkey.creation(options), "name", "Laptop"));
    if (added.status() != 201) {
      throw new AssertionError("add: " + added.status() + " " + added.response().body());
    }
    return new Keyholder(person, passkey, added.text("id"));
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
}
