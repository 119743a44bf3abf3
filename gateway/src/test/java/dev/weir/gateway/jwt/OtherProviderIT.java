package dev.weir.gateway.jwt;

import static dev.weir.gateway.jwt.TestIssuer.NOW;
import static dev.weir.gateway.jwt.TestIssuer.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.ClaimNames;
import dev.weir.gateway.route.ClaimPath;
import dev.weir.gateway.route.Dialect;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.KeyPlace;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Namespace;
import dev.weir.gateway.route.StepUp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;

/** Two real providers beside each other: the auth service's kind, and one that writes otherwise. */
class OtherProviderIT {
  private static final String ISSUER = "https://id.partner.example/realms/shop";
  private static final String CLAIMS =
      """
      {"iss":"https://id.partner.example/realms/shop","oid":"user-1","aud":["weir-api","account"],
       "exp":1800000300,"iat":1800000000,"s":{"id":"session-1"},"scp":["orders:read"],
       "realm_access":{"roles":["admin","buyer"]},"org_id":"acme","acrs":"2","sub":"pairwise"}\
      """;
  private static final ClaimNames NAMES =
      new ClaimNames(
          ClaimPath.name("oid"),
          ClaimPath.of("/s/id"),
          ClaimPath.name("jti"),
          Optional.of(ClaimPath.of("/realm_access/roles")),
          Optional.of(ClaimPath.name("scp")),
          Optional.of(ClaimPath.name("acrs")),
          Optional.of(ClaimPath.name("org_id")));
  private static final Limit PER_TENANT =
      new Limit(
          "per-tenant",
          Limit.Key.of(new KeyPart.Claim("tenant")),
          1,
          Duration.ofSeconds(1),
          1,
          Limit.OnRedisLoss.OPEN);
  private static RSAKey ownKey;
  private static ECKey otherKey;
  private static JwksServer own;
  private static JwksServer keys;
  private static JwksServer metadata;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RevocationSet revocations =
      new RevocationSet(() -> Instant.ofEpochSecond(NOW), meters);
  private KeySets keySets;

  @BeforeAll
  static void publish() throws Exception {
    ownKey = new RSAKeyGenerator(2048).keyID("key-1").algorithm(JWSAlgorithm.RS256).generate();
    otherKey = new ECKeyGenerator(Curve.P_256).keyID("key-1").generate();
    own = new JwksServer(TestIssuer.jwks(ownKey));
    keys = new JwksServer(TestIssuer.jwks(otherKey));
    metadata = new JwksServer("");
  }

  @AfterAll
  static void end() {
    own.close();
    keys.close();
    metadata.close();
  }

  @BeforeEach
  void start() {
    metadata.publish(metadata(ISSUER, keys.uri().toString()));
    keySets =
        new KeySets(() -> Instant.ofEpochSecond(NOW), meters, () -> 0, Schedulers.parallel(), 1000);
  }

  @AfterEach
  void stop() {
    keySets.close();
  }

  private static String metadata(String issuer, String jwks) {
    return "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\",\"token_endpoint\":\"x\"}"
        .formatted(issuer, jwks);
  }

  private static Issuer partner(ClaimNames names) {
    return new Issuer(
        "partner",
        ISSUER,
        new KeyPlace.Metadata(metadata.uri(), ISSUER),
        "weir-api",
        Set.of("ES256"),
        Duration.ofSeconds(30),
        new Dialect(Set.of("jwt", ""), Set.of("account"), names, Namespace.named("partner")));
  }

  private static Issuer weir() {
    return TestIssuer.issuer(own.uri(), "RS256").in(new Namespace("", Set.of("partner:")));
  }

  private Enforcer enforcer(Issuer issuer, Limit... limits) {
    keySets.retain(Set.of(issuer)).block(Duration.ofSeconds(6));
    Authentication policy = new Authentication.Jwt(issuer, Set.of(), Set.of());
    return stage().enforcer(Requests.route("orders", policy, limits)).orElseThrow();
  }

  private JwtStage stage() {
    return new JwtStage(
        keySets, revocations, TestIssuer.NO_LEDGER, () -> Instant.ofEpochSecond(NOW), meters);
  }

  private static String token(String type, String... edits) {
    String claims = CLAIMS;
    for (int i = 0; i < edits.length; i += 2) {
      assertThat(claims).contains(edits[i]);
      claims = claims.replace(edits[i], edits[i + 1]);
    }
    String header = "{%s\"alg\":\"ES256\",\"kid\":\"key-1\"}".formatted(type);
    return sign(header, claims, "ES256", TestIssuer.privateKey(otherKey));
  }

  private static Exchange bearer(String token) {
    return Requests.from("192.0.2.1", "", "Authorization", "Bearer " + token);
  }

  private static String ownToken(String... edits) {
    return sign(
        TestIssuer.header("RS256", "key-1"),
        TestIssuer.claims(edits),
        "RS256",
        TestIssuer.privateKey(ownKey));
  }

  @Test
  void readsTheProvidersOwnClaimsAndNamesItsPeopleApart() {
    Enforcer enforcer = enforcer(partner(NAMES), PER_TENANT);
    Exchange exchange = bearer(token(""));

    assertThat(enforcer.enforce(exchange)).isEqualTo(Verdict.PROCEED);

    Caller caller = exchange.caller();
    assertThat(caller.subject()).isEqualTo("partner:user-1");
    assertThat(caller.session()).isEqualTo("partner:session-1");
    assertThat(caller.issuer()).isEqualTo(ISSUER);
    assertThat(caller.roles()).containsExactlyInAnyOrder("admin", "buyer");
    assertThat(caller.scopes()).containsExactly("orders:read");
    assertThat(caller.assurance().acr()).isEqualTo("2");
    assertThat(caller.claim("tenant")).isEqualTo("partner:acme");
    assertThat(exchange.headers().get("X-Weir-Subject")).isEqualTo("partner:user-1");
    assertThat(exchange.headers().get("X-Weir-Session")).isEqualTo("partner:session-1");
    assertThat(exchange.headers().get("X-Weir-Roles")).isEqualTo("admin,buyer");
    assertThat(exchange.headers().get("X-Weir-Scopes")).isEqualTo("orders:read");
    assertThat(exchange.headers().get("X-Weir-Tenant")).isEqualTo("partner:acme");
  }

  @Test
  void takesEitherShapeOfRolesAndScopesAndAnyOfTheTypes() {
    String token =
        token(
            "\"typ\":\"JWT\",",
            "[\"orders:read\"]",
            "\"orders:read orders:write\"",
            "[\"admin\",\"buyer\"]",
            "\"admin buyer\"");
    Exchange exchange = bearer(token);
    assertThat(enforcer(partner(NAMES)).enforce(exchange)).isEqualTo(Verdict.PROCEED);
    assertThat(exchange.headers().get("X-Weir-Roles")).isEqualTo("admin,buyer");
    assertThat(exchange.headers().get("X-Weir-Scopes")).isEqualTo("orders:read orders:write");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a type that is not named | '\"typ\":\"at+jwt\",' | user-1 | user-1",
        "an empty type | '\"typ\":\"\",' | user-1 | user-1",
        "the standard's subject alone | '' | '\"oid\":\"user-1\",' | ''",
        "a further audience | '' | '\"account\"' | '\"account\",\"other\"'",
        "another audience alone | '' | '\"weir-api\",' | ''",
        "an ID token | '' | '\"acrs\":\"2\"' | '\"at_hash\":\"x\"'",
        "a logout token | '' | '\"acrs\":\"2\"' | '\"events\":{}'",
        "roles that are no texts | '' | '[\"admin\",\"buyer\"]' | '{\"admin\":1}'",
        "a tenant that is no text | '' | '\"acme\"' | '7'",
        "a session of the wrong kind | '' | '{\"id\":\"session-1\"}' | '{\"id\":1}'",
        "an id that is no text | '' | '\"acrs\":\"2\"' | '\"jti\":7'",
        "another provider's name | '' | 'realms/shop' | 'realms/shops'"
      })
  void refuses(String what, String type, String before, String after) {
    Verdict verdict = enforcer(partner(NAMES)).enforce(bearer(token(type, before, after)));
    assertThat(Requests.rejection(verdict).error()).as(what).isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void takesNoTokenOfOneForARouteOfTheOtherThoughTheirKeysHaveTheSameName() {
    Enforcer theirs = enforcer(partner(NAMES));
    Enforcer ours = enforcer(weir());
    assertThat(Requests.rejection(ours.enforce(bearer(token("")))).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
    assertThat(Requests.rejection(theirs.enforce(bearer(ownToken()))).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
    assertThat(ours.enforce(bearer(ownToken()))).isEqualTo(Verdict.PROCEED);
  }

  @Test
  void letsATokenChooseAmongTheIssuersOfARouteWhoLooksAtItAndNothingElse() {
    keySets.retain(Set.of(weir(), partner(NAMES))).block(Duration.ofSeconds(6));
    Authentication policy =
        new Authentication.Jwt(List.of(weir(), partner(NAMES)), Set.of(), Set.of(), StepUp.NONE);
    Enforcer both = stage().enforcer(Requests.route("orders", policy)).orElseThrow();
    int fetches = own.fetches() + keys.fetches();

    Exchange theirs = bearer(token(""));
    assertThat(both.enforce(theirs)).isEqualTo(Verdict.PROCEED);
    assertThat(theirs.caller().subject()).isEqualTo("partner:user-1");
    Exchange ours = bearer(ownToken());
    assertThat(both.enforce(ours)).isEqualTo(Verdict.PROCEED);
    assertThat(ours.caller().subject()).isEqualTo("user-1");

    String forged =
        sign(
            TestIssuer.header("RS256", "unknown"),
            TestIssuer.claims("https://issuer.test/auth", "https://nobody.test"),
            "RS256",
            TestIssuer.privateKey(ownKey));
    String claimed = ownToken("https://issuer.test/auth", ISSUER);
    for (String bad : List.of("x", forged, claimed, token("", "\"oid\":\"user-1\",", ""))) {
      assertThat(Requests.rejection(both.enforce(bearer(bad))).error())
          .isEqualTo(GatewayError.TOKEN_INVALID);
    }
    assertThat(Requests.rejection(both.enforce(Requests.from("192.0.2.1", ""))).error())
        .isEqualTo(GatewayError.TOKEN_MISSING);
    assertThat(own.fetches() + keys.fetches()).as("nobody was asked for keys").isEqualTo(fetches);
  }

  @ParameterizedTest
  @CsvSource({"user-1, partner:user-1", "session-1, partner:session-1"})
  void letsTheIssuerWithoutANamespaceSayNothingThatBeginsLikeAnothers(String own, String claimed) {
    Verdict verdict = enforcer(weir()).enforce(bearer(ownToken(own, claimed)));
    assertThat(Requests.rejection(verdict).error()).isEqualTo(GatewayError.TOKEN_INVALID);
  }

  /** Were it by the names that others see, a namespace would switch revocation off unsaid. */
  @ParameterizedTest
  @CsvSource({"SESSION, session-1, 0", "EPOCH, user-1, 9"})
  void revokesByTheIssuersOwnNames(Revocation.Kind kind, String name, long leastEpoch) {
    revocations.add(new Revocation(kind, name, leastEpoch, NOW + 360));
    assertThat(Requests.rejection(enforcer(partner(NAMES)).enforce(bearer(token("")))).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void followsNoMetadataOfAnotherIssuerUntilItIsTheIssuersOwn() {
    metadata.publish(metadata(ISSUER + "s", keys.uri().toString()));
    Enforcer enforcer = enforcer(partner(NAMES));
    assertThat(Requests.rejection(enforcer.enforce(bearer(token("")))).error())
        .isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
    assertThat(keySets.issuersWithoutKeys()).containsExactly("partner");

    metadata.publish(metadata(ISSUER, keys.uri().toString()));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> enforcer.enforce(bearer(token(""))).equals(Verdict.PROCEED));
  }

  @ParameterizedTest
  @CsvSource({
    "https, https, https://keys.test/jwks",
    "http, https, https://keys.test/jwks",
    "http, http, http://keys.test/jwks"
  })
  void takesTheKeySetThatTheMetadataNames(String from, String to, String jwks) {
    assertThat(found(from, metadata(ISSUER, jwks))).hasToString(jwks).hasScheme(to);
  }

  @ParameterizedTest
  @CsvSource({
    "https, http://keys.test/jwks",
    "http, ftp://keys.test/jwks",
    "http, /jwks",
    "http, 'http://a b/'",
    "http, ''"
  })
  void takesNoUnusableOrUnguardedPlace(String from, String jwks) {
    assertThatThrownBy(() -> found(from, metadata(ISSUER, jwks)))
        .isInstanceOf(JwksClient.FetchFailed.class)
        .hasMessage("the metadata names no usable jwks_uri");
  }

  private static URI found(String scheme, String metadata) {
    URI place = URI.create(scheme + "://id.partner.example/.well-known/openid-configuration");
    return KeyDocuments.keySet(
        metadata.getBytes(StandardCharsets.UTF_8), new KeyPlace.Metadata(place, ISSUER));
  }
}
