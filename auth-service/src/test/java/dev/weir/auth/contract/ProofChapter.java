package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Keyholder;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.ProofKey;
import dev.weir.auth.testing.TestSystem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/** Sessions that are bound to a key (DPoP). */
record ProofChapter(TestSystem system, EndpointTable table) {
  private static final String LOGIN = "/login";
  private static final String REFRESH = "/token/refresh";

  void run() {
    binds();
    costsAttempts();
    refreshes();
    isShownWithEveryRequest();
    bindsAPasskeysSession();
  }

  private Answer login(Person person, String proof) {
    return new Person(person.client().with("DPoP", proof), person.email(), person.password())
        .login();
  }

  private String nonce(Person person, ProofKey key) {
    return login(person, key.proof("POST", LOGIN, "")).header("DPoP-Nonce");
  }

  private void binds() {
    var rows = table.of("POST " + LOGIN);
    var person = Person.registered(system.client());
    var key = ProofKey.make(system.clock());
    var asked =
        rows.refuses(
            "a proof of a key, without a nonce",
            400,
            "dpop-nonce-required",
            login(person, key.proof("POST", LOGIN, "")));
    assertThat(asked.text("error")).isEqualTo("use_dpop_nonce");
    var nonce = asked.header("DPoP-Nonce");
    refusesToBind(person, "a proof for another path", key.proof("POST", REFRESH, nonce));
    refusesToBind(person, "a proof for another method", key.proof("GET", LOGIN, nonce));
    refusesToBind(person, "no proof at all", "x");
    var thief = ProofKey.make(system.clock());
    refusesToBind(person, "a proof that another key signed", thief.proofOf(key, LOGIN, nonce));
    var proof = key.proof("POST", LOGIN, nonce);
    var login = rows.grants("a proof of a key", 200, login(person, proof));
    assertThat(login.text("token_type")).isEqualTo("DPoP");
    assertThat(claims(login.text("access_token")))
        .contains("\"cnf\":{\"jkt\":\"" + key.thumbprint() + "\"}");
    refusesToBind(person, "a proof that was used", proof);
    var late = key.proof("POST", LOGIN, nonce);
    system.clock().advance(Duration.ofSeconds(62));
    refusesToBind(person, "a proof of a minute ago", late);
    system.clock().advance(Duration.ofMinutes(10));
    rows.refuses(
        "a nonce of eleven minutes ago",
        400,
        "dpop-nonce-required",
        login(person, key.proof("POST", LOGIN, nonce)));
    assertThat(person.login().text("token_type")).isEqualTo("Bearer");
  }

  private void costsAttempts() {
    var person = Person.registered(system.client());
    var key = ProofKey.make(system.clock());
    for (int i = 0; i < 11; i++) {
      assertThat(login(person, key.proof("POST", LOGIN, "")).code())
          .as("to ask for a nonce costs none")
          .isEqualTo("dpop-nonce-required");
    }
    for (int i = 0; i < 10; i++) {
      assertThat(login(person, "x").code()).isEqualTo("dpop-proof-invalid");
    }
    table
        .of("POST " + LOGIN)
        .refuses("ten bad proofs before, in 15 minutes", 429, "throttled", person.login());
  }

  private void refusesToBind(Person person, String when, String proof) {
    table.of("POST " + LOGIN).refuses(when, 400, "dpop-proof-invalid", login(person, proof));
  }

  private static String claims(String token) {
    var payload = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return JsonMapper.shared().readTree(new String(payload, StandardCharsets.UTF_8)).toString();
  }

  private void refreshes() {
    var rows = table.of("POST " + REFRESH);
    var person = Person.registered(system.client());
    var key = ProofKey.make(system.clock());
    var nonce = nonce(person, key);
    var first = login(person, key.proof("POST", LOGIN, nonce)).text("refresh_token");
    rows.refuses("a bound session, no proof", 400, "dpop-proof-invalid", person.refresh(first));
    var thief = ProofKey.make(system.clock()).proof("POST", REFRESH, nonce);
    rows.refuses(
        "a bound session, another key", 400, "dpop-proof-invalid", refresh(person, thief, first));
    rows.refuses(
        "a bound session, no nonce",
        400,
        "dpop-nonce-required",
        refresh(person, key.proof("POST", REFRESH, ""), first));
    var answer = refresh(person, key.proof("POST", REFRESH, nonce), first);
    rows.grants("a bound session, its key", 200, answer);
    assertThat(answer.text("token_type")).isEqualTo("DPoP");
    system.clock().advance(Duration.ofSeconds(30));
    var lost = refresh(person, key.proof("POST", REFRESH, nonce), first);
    assertThat(lost.text("refresh_token"))
        .as("the answer was lost, and the key shows whose it was")
        .isEqualTo(answer.text("refresh_token"));
    assertThat(refresh(person, key.proof("POST", REFRESH, nonce), first).code())
        .as("once")
        .isEqualTo("refresh-reused");
  }

  private static Answer refresh(Person person, String proof, String token) {
    return new Person(person.client().with("DPoP", proof), person.email(), person.password())
        .refresh(token);
  }

  private void isShownWithEveryRequest() {
    var rows = table.of("GET /sessions");
    var person = Person.registered(system.client());
    var key = ProofKey.make(system.clock());
    var token = login(person, key.proof("POST", LOGIN, nonce(person, key))).text("access_token");
    var bound = person.client().with("Authorization", "DPoP " + token);
    var path = "/sessions";
    var proof = key.proofWith(token, "GET", path);
    rows.grants("a bound token with its proof", 200, bound.with("DPoP", proof).get(path));
    refusesToShow("a proof that was used", bound.with("DPoP", proof));
    refusesToShow("a bound token, no proof", bound);
    refusesToShow(
        "a bound token, another key",
        bound.with("DPoP", ProofKey.make(system.clock()).proofWith(token, "GET", path)));
    refusesToShow(
        "a bound token, another token's proof",
        bound.with("DPoP", key.proofWith("another", "GET", path)));
    refusesToShow(
        "a bound token as a bearer token",
        person.client().bearer(token).with("DPoP", key.proofWith(token, "GET", path)));
    var free = person.login().text("access_token");
    refusesToShow(
        "a bearer token as a bound one",
        person
            .client()
            .with("Authorization", "DPoP " + free)
            .with("DPoP", key.proofWith(free, "GET", path)));
    var end = bound.with("DPoP", key.proofWith(token, "POST", "/logout"));
    assertThat(end.post("/logout").status()).isEqualTo(204);
  }

  private void refusesToShow(String when, AuthClient client) {
    var answer =
        table.of("GET /sessions").refuses(when, 401, "token-invalid", client.get("/sessions"));
    if (!when.contains("used")) {
      assertThat(answer.header("WWW-Authenticate")).startsWith("DPoP ");
    }
  }

  private void bindsAPasskeysSession() {
    var holder = Keyholder.registered(system.client());
    var key = ProofKey.make(system.clock());
    var nonce = nonce(holder.person(), key);
    var body = Keyholder.body(holder.passkey(), holder.challenge());
    var client = holder.person().client().with("DPoP", key.proof("POST", Keyholder.LOGIN, nonce));
    var login =
        table
            .of("POST " + Keyholder.LOGIN)
            .grants("with a proof of a key", 200, client.post(Keyholder.LOGIN, body));
    assertThat(login.text("token_type")).isEqualTo("DPoP");
    assertThat(login.text("acr")).isEqualTo("urn:x:aal2:device");
    var token = login.text("access_token");
    var me =
        holder
            .person()
            .client()
            .with("Authorization", "DPoP " + token)
            .with("DPoP", key.proofWith(token, "POST", Keyholder.ASK));
    assertThat(me.post(Keyholder.ASK).status()).as("one proof is enough").isEqualTo(200);
  }
}
