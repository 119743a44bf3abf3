package dev.weir.auth.contract;

import static dev.weir.auth.testing.Keyholder.ADD;
import static dev.weir.auth.testing.Keyholder.ASK;
import static dev.weir.auth.testing.Keyholder.CHALLENGE;
import static dev.weir.auth.testing.Keyholder.LOGIN;
import static dev.weir.auth.testing.SoftwarePasskey.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.SoftwarePasskey;
import dev.weir.auth.testing.TestSystem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Passkeys: making, using, naming and removing them. */
record PasskeyChapter(TestSystem system, EndpointTable table) {
  void run() throws SQLException {
    asks();
    adds();
    addsNoMoreThanTwenty();
    challenges();
    logsIn();
    refusesOneAnswerForAll();
    lists();
    renames();
    removes();
  }

  private void asks() {
    var rows = table.of("POST " + ASK);
    var person = Person.registered(system.client());
    var options = rows.grants("the first one, a fresh login", 200, person.loggedIn().post(ASK));
    var user = options.json().path("user");
    assertThat(user.path("name").asString()).isEqualTo(person.email());
    assertThat(Base64.getUrlDecoder().decode(user.path("id").asString())).hasSize(16);
    assertThat(Base64.getUrlDecoder().decode(options.text("challenge"))).hasSize(32);
    assertThat(options.json().path("authenticatorSelection").path("userVerification").asString())
        .isEqualTo("required");
    var holder = Keyholder.registered(system.client());
    var seen = rows.grants("another one, a fresh second factor", 200, holder.loggedIn().post(ASK));
    assertThat(seen.json().path("excludeCredentials").size()).isEqualTo(1);
    rows.refuses("another one, a password alone", 401, "step-up-required", holder.weak().post(ASK));
    rows.refuses("no token", 401, "token-missing", system.client().post(ASK));
  }

  private void adds() {
    var rows = table.of("POST " + ADD);
    var person = Person.registered(system.client());
    var me = person.loggedIn();
    var options = me.post(ASK).json();
    var passkey = SoftwarePasskey.make().of(options);
    rows.refuses("no credential", 400, "validation", me.post(ADD, Map.of("name", "x")));
    refusesToAdd(me, "another page's", passkey.from("https://evil.example"), options);
    refusesToAdd(me, "another domain's", passkey.in("evil.example"), options);
    refusesToAdd(me, "its user was not verified", passkey.with(PRESENT), options);
    var others = Person.registered(system.client()).loggedIn().post(ASK).json();
    refusesToAdd(me, "another person's challenge", passkey, others);
    refusesToAdd(me, "a challenge for logging in", passkey, me.post(CHALLENGE).json());
    rows.grants("what the authenticator made", 201, me.post(ADD, added(passkey, options)));
    system.smtp().awaitMail(person.email(), "A passkey was added");
    var holder = new Keyholder(person, passkey, "", me, List.of());
    var strong = holder.loggedIn();
    refusesToAdd(strong, "a challenge that was answered", SoftwarePasskey.make(), options);
    var stranger = Person.registered(system.client()).loggedIn();
    rows.refuses(
        "somebody's passkey already",
        409,
        "passkey-exists",
        stranger.post(ADD, added(passkey, stranger.post(ASK).json())));
    var late = strong.post(ASK).json();
    system.clock().advance(Duration.ofMinutes(6));
    refusesToAdd(holder.loggedIn(), "a challenge of six minutes ago", passkey, late);
    rows.refuses(
        "a login of six minutes ago", 401, "token-invalid", strong.post(ADD, added(passkey, late)));
    var again = holder.loggedIn();
    for (int i = 0; i < 2; i++) {
      again.post(ADD, added(passkey, late));
    }
    rows.refuses(
        "the eleventh in 15 minutes", 429, "throttled", again.post(ADD, added(passkey, late)));
  }

  private void refusesToAdd(AuthClient me, String when, SoftwarePasskey passkey, JsonNode options) {
    table.refuses(when, 400, "passkey-invalid", me.post(ADD, added(passkey, options)));
  }

  private static Map<String, ?> added(SoftwarePasskey passkey, JsonNode options) {
    return Map.of("credential", passkey.creation(options));
  }

  private void addsNoMoreThanTwenty() throws SQLException {
    var holder = Keyholder.registered(system.client());
    try (var connection = system.postgres().getPostgresDatabase().getConnection();
        var copy =
            connection.prepareStatement(
                """
                insert into auth.passkeys select gen_random_uuid(), user_id,
                  decode(md5(id::text || n), 'hex'), credential, 0, false, false, transports, name,
                  created_at, null
                from auth.passkeys, generate_series(1, 19) n where id = ?""")) {
      copy.setObject(1, UUID.fromString(holder.id()));
      assertThat(copy.executeUpdate()).isEqualTo(19);
    }
    var me = holder.loggedIn();
    var options = me.post(ASK).json();
    table
        .of("POST " + ADD)
        .refuses(
            "the twenty-first",
            409,
            "passkey-limit",
            me.post(ADD, added(SoftwarePasskey.make(), options)));
  }

  private void challenges() {
    var asked =
        table.of("POST " + CHALLENGE).grants("anyone", 200, system.client().post(CHALLENGE));
    assertThat(asked.json().path("allowCredentials").size()).isZero();
    assertThat(asked.text("rpId")).isEqualTo("localhost");
  }

  private void logsIn() {
    var rows = table.of("POST " + LOGIN);
    var holder = Keyholder.registered(system.client());
    var options = holder.challenge();
    var login = rows.grants("a passkey", 200, holder.answer(holder.passkey(), options));
    assertThat(login.text("acr")).isEqualTo("urn:x:aal2");
    assertThat(holder.person().refresh(login.text("refresh_token")).text("acr"))
        .isEqualTo("urn:x:aal2");
    refusesToLogIn("a challenge that was answered", holder, holder.passkey(), options);
    var counting = holder.passkey().counting(7);
    rows.grants("one that counts", 200, holder.login(counting));
    refusesToLogIn("one that counts no further", holder, counting, holder.challenge());
    var client = holder.person().client();
    rows.refuses("no credential", 400, "validation", client.post(LOGIN, Map.of()));
    rows.refuses(
        "another site's page",
        403,
        "csrf",
        client
            .with("Origin", "https://evil.example")
            .post(LOGIN, Keyholder.body(counting, options)));
  }

  private void refusesOneAnswerForAll() {
    var holder = Keyholder.registered(system.client());
    var passkey = holder.passkey();
    var other = Keyholder.registered(system.client()).passkey();
    var asked = holder.challenge();
    refusesToLogIn("a passkey that nobody has", holder, SoftwarePasskey.make(), asked);
    refusesToLogIn("another key's signature", holder, passkey.signingLike(other), asked);
    refusesToLogIn("another person's name", holder, passkey.handedTo(other), asked);
    refusesToLogIn("another page's answer", holder, passkey.from("https://evil.example"), asked);
    refusesToLogIn("another domain's answer", holder, passkey.in("evil.example"), asked);
    refusesToLogIn("its user was not verified", holder, passkey.with(PRESENT), asked);
    var registering = holder.weak();
    refusesToLogIn("a challenge for adding", holder, passkey, registering.post(ASK).json());
    var late = holder.challenge();
    system.clock().advance(Duration.ofMinutes(6));
    refusesToLogIn("a challenge of six minutes ago", holder, passkey, late);
    for (int i = holderLogins(); i < 30; i++) {
      holder.answer(passkey, late);
    }
    table.refuses(
        "the 31st login from one address in 5 minutes", 429, "throttled", holder.login(passkey));
  }

  /** The password that the passkey was added with, and the eight refusals. */
  private static int holderLogins() {
    return 9;
  }

  private void refusesToLogIn(
      String when, Keyholder holder, SoftwarePasskey passkey, JsonNode options) {
    table
        .of("POST " + LOGIN)
        .refuses(when, 401, "passkey-refused", holder.answer(passkey, options));
  }

  private void lists() {
    var rows = table.of("GET /passkeys");
    var me = Keyholder.registered(system.client()).weak();
    var seen = rows.grants("one's own", 200, me.get("/passkeys"));
    assertThat(seen.json().path("passkeys").get(0).path("name").asString()).isEqualTo("Laptop");
    rows.refuses("no token", 401, "token-missing", system.client().get("/passkeys"));
  }

  private void renames() {
    var rows = table.of("PATCH /passkeys/{id}");
    var holder = Keyholder.registered(system.client());
    var me = holder.weak();
    var path = "/passkeys/" + holder.id();
    rows.grants("one's own", 204, me.patch(path, Map.of("name", "Phone")));
    assertThat(me.get("/passkeys").response().body()).contains("Phone").doesNotContain("Laptop");
    rows.refuses("no name", 400, "validation", me.patch(path, Map.of()));
    var other = Person.registered(system.client()).loggedIn();
    rows.refuses("somebody else's", 404, "not-found", other.patch(path, Map.of("name", "Mine")));
    rows.refuses(
        "no token", 401, "token-missing", system.client().patch(path, Map.of("name", "x")));
  }

  private void removes() {
    var rows = table.of("DELETE /passkeys/{id}");
    var holder = Keyholder.registered(system.client());
    var path = "/passkeys/" + holder.id();
    rows.refuses("a password alone", 401, "step-up-required", holder.weak().delete(path));
    var me = holder.loggedIn();
    rows.refuses(
        "somebody else's",
        404,
        "not-found",
        Keyholder.registered(system.client()).loggedIn().delete(path));
    rows.grants("a fresh second factor", 204, me.delete(path));
    system.smtp().awaitMail(holder.person().email(), "A passkey was removed");
    assertThat(holder.login(holder.passkey()).code()).isEqualTo("passkey-refused");
  }
}
