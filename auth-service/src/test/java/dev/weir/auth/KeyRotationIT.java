package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.key.KeyFacts;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.RotationJob;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R18: turns the signing key over while tokens of the old one are about. */
class KeyRotationIT {
  private final TestSystem system = TestSystem.shared();

  @Test
  void publishesAheadSignsThenRetiresWithoutBreakingAToken() {
    var job = system.context().getBean(RotationJob.class);
    var person = Person.registered(system.client());
    job.rotateNow().block();
    var published = kids();
    assertThat(published).as("the next key is published before it signs").hasSizeGreaterThan(1);

    var old = person.login().text("access_token");
    system.clock().advance(Duration.ofMinutes(10));
    var stillGood = person.login().text("access_token");
    job.rotateNow().block();
    var fresh = person.login().text("access_token");

    assertThat(kidOf(fresh)).isNotEqualTo(kidOf(stillGood)).isIn(published);
    assertThat(kidOf(old)).isEqualTo(kidOf(stillGood));
    assertThat(status(person, stillGood)).isEqualTo(200);
    assertThat(status(person, fresh)).isEqualTo(200);

    system.clock().advance(Duration.ofMinutes(10));
    job.rotateNow().block();
    assertThat(kids()).doesNotContain(kidOf(old));
    assertThat(status(person, person.login().text("access_token"))).isEqualTo(200);
  }

  @Test
  void takesTheTokenOfAPageThatWasOpenBeforeTheKeyOfPagesChanged() {
    var store = system.context().getBean(KeyStore.class);
    var job = system.context().getBean(RotationJob.class);
    var person = Person.registered(system.client());
    var login = person.loginInBrowser();
    store.rotateNow(KeyUse.CSRF).block();
    system.clock().advance(Duration.ofMinutes(10));
    job.lookNow().block();

    var refreshed = refreshed(person, login);
    assertThat(refreshed.status()).as("a token under the old key").isEqualTo(200);
    assertThat(refreshed(person, refreshed).status()).as("one under the new").isEqualTo(200);
  }

  @Test
  void refusesTheTokenOfAPageOnceItsKeyIsWithdrawn() {
    var store = system.context().getBean(KeyStore.class);
    var job = system.context().getBean(RotationJob.class);
    var person = Person.registered(system.client());
    var login = person.loginInBrowser();
    var kid = csrfKeys(store, "active").getFirst();
    store.withdraw(kid).block();
    assertThat(csrfKeys(store, "active")).as("it has no successor yet").containsExactly(kid);
    store.rotateNow(KeyUse.CSRF).block();
    system.clock().advance(Duration.ofMinutes(10));
    job.lookNow().block();
    assertThat(csrfKeys(store, "retiring")).contains(kid);
    store.withdraw(kid).block();
    job.lookNow().block();

    assertThat(refreshed(person, login).code()).isEqualTo("csrf");
    assertThat(refreshed(person, person.loginInBrowser()).status()).isEqualTo(200);
  }

  private static List<String> csrfKeys(KeyStore store, String state) {
    return store.list().blockOptional().orElseThrow().stream()
        .filter(key -> key.use().equals("csrf") && key.state().equals(state))
        .map(KeyFacts::kid)
        .toList();
  }

  private static Answer refreshed(Person person, Answer page) {
    var token = page.text("csrf_token");
    var cookies = "__Host-rt=" + page.cookie("__Host-rt") + "; __Host-csrf=" + token;
    return person
        .client()
        .with("Cookie", cookies)
        .with("X-CSRF-Token", token)
        .with("Origin", "https://localhost:8443")
        .post("/token/refresh");
  }

  @Test
  void servesTheKeySetWithValidators() {
    var first = system.client().get("/.well-known/jwks.json");
    assertThat(first.header("Cache-Control")).isEqualTo("max-age=300, public");
    assertThat(first.response().body()).doesNotContain("\"d\"", "\"p\"", "\"q\"");
    var again = system.client().with("If-None-Match", first.header("ETag"));
    assertThat(again.get("/.well-known/jwks.json").status()).isEqualTo(304);
    assertThat(system.client().method("HEAD", "/.well-known/jwks.json").status()).isEqualTo(200);
    assertThat(system.client().method("PUT", "/.well-known/jwks.json").header("Allow"))
        .isEqualTo("GET, HEAD");
    var metadata = system.client().get("/.well-known/oauth-authorization-server");
    assertThat(metadata.text("issuer")).isEqualTo("https://localhost:8443/auth");
  }

  private static int status(Person person, String token) {
    return person.client().bearer(token).get("/sessions").status();
  }

  private List<String> kids() {
    return system
        .client()
        .get("/.well-known/jwks.json")
        .json()
        .path("keys")
        .findValuesAsString("kid");
  }

  private static String kidOf(String token) {
    var header = new com.nimbusds.jose.util.Base64URL(token.split("\\.", -1)[0]).decodeToString();
    return header.replaceFirst(".*\"kid\":\"([^\"]*)\".*", "$1");
  }
}
