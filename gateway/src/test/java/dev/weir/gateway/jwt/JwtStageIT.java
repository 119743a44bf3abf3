package dev.weir.gateway.jwt;

import static dev.weir.gateway.jwt.TestIssuer.NOW;
import static dev.weir.gateway.jwt.TestIssuer.claims;
import static dev.weir.gateway.jwt.TestIssuer.header;
import static dev.weir.gateway.jwt.TestIssuer.sign;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

class JwtStageIT {
  private static final RSAKey FIRST = rsa("first");
  private static final RSAKey SECOND = rsa("second");
  private static final Verdict PROCEED = Verdict.PROCEED;

  private final AtomicLong seconds = new AtomicLong(NOW);
  private final AtomicLong nanos = new AtomicLong();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RevocationSet revocations = new RevocationSet(this::now, meters);
  private JwksServer server;
  private KeySets keySets;

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Instant now() {
    return Instant.ofEpochSecond(seconds.get());
  }

  @BeforeEach
  void start() {
    server = new JwksServer(TestIssuer.jwks(FIRST));
    keySets = new KeySets(this::now, meters, nanos::get, Schedulers.parallel(), 1000);
  }

  @AfterEach
  void stop() {
    keySets.close();
    server.close();
  }

  private Enforcer started() {
    keySets.retain(Set.of(issuer())).block(Duration.ofSeconds(6));
    return enforcer();
  }

  private Enforcer enforcer(Limit... limits) {
    return enforcer(route(limits));
  }

  private Enforcer enforcer(Route route) {
    return new JwtStage(keySets, revocations, TestIssuer.NO_LEDGER, this::now, meters)
        .enforcer(route)
        .orElseThrow();
  }

  private Route route(Limit... limits) {
    Authentication policy = new Authentication.Jwt(issuer(), Set.of(), Set.of());
    return Requests.route("orders", policy, limits);
  }

  private Issuer issuer() {
    return TestIssuer.issuer(server.uri(), "RS256");
  }

  private static String token(RSAKey key, String... edits) {
    return sign(
        header("RS256", key.getKeyID()), claims(edits), "RS256", TestIssuer.privateKey(key));
  }

  private static Exchange bearer(String token) {
    return Requests.from("192.0.2.1", "", "Authorization", "Bearer " + token);
  }

  private static Verdict decide(Enforcer enforcer, Exchange exchange) {
    return Requests.settle(enforcer.enforce(exchange)).join();
  }

  private static GatewayError refusal(Enforcer enforcer, String token) {
    return Requests.rejection(enforcer.enforce(bearer(token))).error();
  }

  private double count(String outcome) {
    return meters.counter("weir.jwt.verifications", "outcome", outcome).count();
  }

  @Test
  void identifiesTheCallerToLaterStagesAndToTheUpstream() {
    Exchange exchange =
        Requests.from(
            "192.0.2.1",
            "?page=1",
            "Authorization",
            "bearer " + token(FIRST),
            "X-Weir-Subject",
            "admin",
            "x-weir-roles",
            "admin");

    assertThat(decide(started(), exchange)).isEqualTo(PROCEED);

    assertThat(exchange.caller().subject()).isEqualTo("user-1");
    assertThat(exchange.caller().session()).isEqualTo("session-1");
    assertThat(exchange.caller().tokenKey()).hasSize(22);
    assertThat(exchange.caller().roles()).containsExactly("customer");
    assertThat(exchange.caller().scopes()).containsExactlyInAnyOrder("orders:read", "orders:write");
    assertThat(exchange.headers().getAll("X-Weir-Subject")).containsExactly("user-1");
    assertThat(exchange.headers().getAll("X-Weir-Session")).containsExactly("session-1");
    assertThat(exchange.headers().getAll("X-Weir-Roles")).containsExactly("customer");
    assertThat(exchange.headers().getAll("X-Weir-Scopes"))
        .containsExactly("orders:read orders:write");
    assertThat(exchange.headers().contains("Authorization")).isTrue();
  }

  @Test
  void leavesNothingOfTheClientsInAFieldThatTheTokenDoesNotFill() {
    String bare = token(FIRST, ",\"roles\":[\"customer\"]", "", "\"sid\":\"session-1\",", "");
    Exchange exchange =
        Requests.from(
            "192.0.2.1",
            "",
            "Authorization",
            "Bearer " + bare,
            "X-Weir-Roles",
            "admin",
            "X-Weir-Session",
            "x");

    assertThat(decide(started(), exchange)).isEqualTo(PROCEED);
    assertThat(exchange.headers().contains("X-Weir-Roles")).isFalse();
    assertThat(exchange.headers().contains("X-Weir-Session")).isFalse();
  }

  @Test
  void asksForATokenWhereThereIsNone() {
    Rejection rejection =
        Requests.rejection(started().enforce(Requests.from("192.0.2.1", "?access_tokens=1")));

    assertThat(rejection.error()).isEqualTo(GatewayError.TOKEN_MISSING);
    assertThat(rejection.headers())
        .containsExactly(new Rejection.Header("WWW-Authenticate", "Bearer realm=\"weir\""));
    Exchange basic = Requests.from("192.0.2.1", "", "Authorization", "Basic dTpw");
    assertThat(Requests.rejection(started().enforce(basic))).isEqualTo(rejection);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Bearer", "Bearer ", "Bearer   ", "Bearer x", "Bearer a.b.c", "bearer a b"})
  void refusesAFieldThatHoldsNoToken(String field) {
    Exchange exchange = Requests.from("192.0.2.1", "", "Authorization", field);
    assertThat(Requests.rejection(started().enforce(exchange)).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?access_token=x",
        "?a=1&access_token=x",
        "?access_token",
        "?access%5Ftoken=x",
        "?a&%61ccess_token="
      })
  void refusesATokenInTheQueryEvenBesideAGoodOne(String query) {
    Exchange exchange =
        Requests.from("192.0.2.1", query, "Authorization", "Bearer " + token(FIRST));
    assertThat(Requests.rejection(started().enforce(exchange)).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
    assertThat(exchange.caller()).isEqualTo(Caller.ANONYMOUS);
  }

  @Test
  void refusesTwoAuthorizationFields() {
    String good = "Bearer " + token(FIRST);
    Exchange exchange =
        Requests.from("192.0.2.1", "", "Authorization", good, "authorization", good);
    assertThat(Requests.rejection(started().enforce(exchange)).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void saysTheSameWhateverIsWrongAndFetchesNothingForIt() {
    Enforcer enforcer = started();
    int fetches = server.fetches();
    Rejection one = Requests.rejection(enforcer.enforce(bearer("x")));
    Rejection two = Requests.rejection(enforcer.enforce(bearer(token(FIRST, "weir-api", "other"))));

    assertThat(one).isEqualTo(two);
    assertThat(one.headers())
        .containsExactly(
            new Rejection.Header(
                "WWW-Authenticate", "Bearer realm=\"weir\", error=\"invalid_token\""));
    assertThat(server.fetches()).isEqualTo(fetches);
    assertThat(count("rejected")).isEqualTo(2);
  }

  @Test
  void verifiesATokenOnceAndChecksItsEndEveryTime() {
    Enforcer enforcer = started();
    String token = token(FIRST);
    assertThat(decide(enforcer, bearer(token))).isEqualTo(PROCEED);
    assertThat(decide(enforcer, bearer(token))).isEqualTo(PROCEED);
    assertThat(count("verified")).isEqualTo(1);
    assertThat(count("cached")).isEqualTo(1);

    seconds.set(NOW + 329);
    assertThat(decide(enforcer, bearer(token))).isEqualTo(PROCEED);
    seconds.set(NOW + 330);
    assertThat(refusal(enforcer, token)).isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @ParameterizedTest
  @CsvSource({"SESSION, session-1, 0", "TOKEN, token-1, 0", "EPOCH, user-1, 4"})
  void refusesATokenThatWasRevokedBetweenTwoRequests(
      Revocation.Kind kind, String id, long leastEpoch) {
    Enforcer enforcer = started();
    String token = token(FIRST);
    assertThat(decide(enforcer, bearer(token))).isEqualTo(PROCEED);

    revocations.add(new Revocation(kind, id, leastEpoch, NOW + 360));

    assertThat(refusal(enforcer, token)).isEqualTo(GatewayError.TOKEN_INVALID);
    Exchange refused = bearer(token);
    decide(enforcer, refused);
    assertThat(refused.caller()).isEqualTo(Caller.ANONYMOUS);
    assertThat(refused.headers().contains("X-Weir-Subject")).isFalse();
  }

  @Test
  void letsATokenOfTheRevokedEpochsSuccessorPass() {
    revocations.add(new Revocation(Revocation.Kind.EPOCH, "user-1", 3, NOW + 360));
    assertThat(decide(started(), bearer(token(FIRST)))).isEqualTo(PROCEED);
    assertThat(refusal(enforcer(), token(FIRST, "\"ue\":3,", "")))
        .as("no epoch is older than any")
        .isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void rotatesWithoutRefusingAGoodToken() {
    Enforcer enforcer = started();
    String old = token(FIRST);
    assertThat(decide(enforcer, bearer(old))).isEqualTo(PROCEED);

    server.publish(TestIssuer.jwks(FIRST, SECOND));
    for (int i = 0; i < 20; i++) {
      assertThat(decide(enforcer, bearer(token(SECOND, "token-1", "new-" + i)))).isEqualTo(PROCEED);
      assertThat(decide(enforcer, bearer(old))).isEqualTo(PROCEED);
    }
    assertThat(server.fetches()).isEqualTo(2);
  }

  @Test
  void forgetsTokensOfARetiredKey() {
    Enforcer enforcer = started();
    String old = token(FIRST);
    assertThat(decide(enforcer, bearer(old))).isEqualTo(PROCEED);
    server.publish(TestIssuer.jwks(SECOND));
    assertThat(decide(enforcer, bearer(token(SECOND)))).isEqualTo(PROCEED);

    assertThat(refusal(enforcer, old)).isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void aThousandUnknownKeysAtOnceMakeOneFetch() throws Exception {
    Enforcer enforcer = started();
    server.dawdle(Duration.ofMillis(300));
    List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String made = header("RS256", "made-up-" + i);
      String token = sign(made, claims(), "RS256", TestIssuer.privateKey(SECOND));
      verdicts.add(Requests.settle(enforcer.enforce(bearer(token))));
    }
    for (CompletableFuture<Verdict> verdict : verdicts) {
      assertThat(Requests.rejection(verdict.get(5, TimeUnit.SECONDS)).error())
          .isEqualTo(GatewayError.TOKEN_INVALID);
    }
    assertThat(server.fetches()).as("one at the start, and the burst at most").isBetween(2, 4);
  }

  @Test
  void aFloodOfUnknownKeysIsRefusedWithoutFetchesOnceTheBudgetIsSpent() {
    Enforcer enforcer = started();
    for (int i = 0; i < 200; i++) {
      String made = header("RS256", "made-up-" + i);
      String token = sign(made, claims(), "RS256", TestIssuer.privateKey(SECOND));
      assertThat(refusal(enforcer, token)).isEqualTo(GatewayError.TOKEN_INVALID);
    }
    assertThat(server.fetches()).isEqualTo(4);

    server.publish(TestIssuer.jwks(FIRST, SECOND));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(decide(enforcer, bearer(token(SECOND)))).isEqualTo(PROCEED);
    assertThat(server.fetches()).isEqualTo(5);
  }

  @Test
  void anIssuerThatIsDownAtTheStartIsAnOutageUntilItIsUp() {
    server.goAway();
    Enforcer enforcer = started();
    Rejection rejection = Requests.rejection(enforcer.enforce(bearer(token(FIRST))));
    assertThat(rejection.error()).isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
    assertThat(rejection.headers()).containsExactly(new Rejection.Header("Retry-After", "2"));
    assertThat(keySets.issuersWithoutKeys()).containsExactly("weir");

    server.comeBack();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> decide(enforcer, bearer(token(FIRST))).equals(PROCEED));
    assertThat(keySets.issuersWithoutKeys()).isEmpty();
  }

  @Test
  void aSlowIssuerHoldsAnUnknownKeyTwoSecondsAtMostAndIsNotA401() throws Exception {
    Enforcer enforcer = started();
    server.dawdle(Duration.ofSeconds(4));
    Verdict verdict = enforcer.enforce(bearer(token(SECOND)));
    assertThat(decide(enforcer, bearer(token(FIRST)))).as("known keys").isEqualTo(PROCEED);

    assertThat(Requests.rejection(Requests.settle(verdict).get(3, TimeUnit.SECONDS)).error())
        .isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 500})
  void keepsTheLastGoodKeysForADayWhateverTheIssuerAnswers(int status) {
    Enforcer enforcer = started();
    server.answerWith(status);
    assertThat(refusal(enforcer, token(SECOND))).isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
    assertThat(decide(enforcer, bearer(token(FIRST)))).isEqualTo(PROCEED);

    nanos.addAndGet(Duration.ofHours(24).toNanos());
    assertThat(decide(enforcer, bearer(token(FIRST)))).isEqualTo(PROCEED);
    nanos.addAndGet(1);
    assertThat(refusal(enforcer, token(FIRST))).isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
  }

  @Test
  void callsAnUnknownKeyAnOutageForAsLongAsTheIssuerIsAwayWhateverTheBudgetAllows() {
    Enforcer enforcer = started();
    server.answerWith(500);
    for (int i = 0; i < 10; i++) {
      assertThat(refusal(enforcer, token(SECOND))).isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
    }
    assertThat(server.fetches()).as("one at the start, and the burst").isEqualTo(4);
  }

  @Test
  void takesNoDocumentThatIsTooLargeOrEmpty() {
    Enforcer enforcer = started();
    for (String bad :
        List.of(" ".repeat(256 * 1024) + TestIssuer.jwks(SECOND), "{\"keys\":[]}", "")) {
      server.publish(bad);
      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      assertThat(refusal(enforcer, token(SECOND))).isEqualTo(GatewayError.IDENTITY_UNAVAILABLE);
      assertThat(decide(enforcer, bearer(token(FIRST)))).isEqualTo(PROCEED);
    }
  }

  @Test
  void followsOnlyWhomItIsToldTo() {
    started();
    assertThat(meters.find("weir.jwks.keys").tag("issuer", "weir").gauge()).isNotNull();
    keySets.retain(Set.of()).block(Duration.ofSeconds(1));
    assertThat(meters.find("weir.jwks.keys").gauge()).isNull();
  }

  private static Limit limit(String claim) {
    Limit.Key key = Limit.Key.of(new KeyPart.Claim(claim));
    return new Limit(claim, key, 1, Duration.ofSeconds(1), 1, Limit.OnRedisLoss.OPEN);
  }

  private static Caller caller(Enforcer enforcer, String token) {
    Exchange exchange = bearer(token);
    assertThat(decide(enforcer, exchange)).isEqualTo(Verdict.PROCEED);
    return exchange.caller();
  }

  @Test
  void keepsTheTextsThatLimitsGoByAndNoOthers() {
    String long255 = "x".repeat(255);
    started();
    Enforcer enforcer =
        enforcer(limit("tenant"), limit("ue"), limit("absent"), limit("long"), limit("longer"));
    String token =
        token(
            FIRST,
            "\"client_id\":\"web\"",
            "\"client_id\":\"web\",\"tenant\":\"acme\",\"long\":\"%s\",\"longer\":\"%sx\""
                .formatted(long255, long255));

    assertThat(caller(enforcer, token).claims())
        .isEqualTo(Map.of("tenant", "acme", "long", long255));
  }

  @Test
  void keepsTheTextThatAPriorityGoesBy() {
    started();
    var byClient = new PriorityRule(Priority.LOW, "client_id", Map.of("web", Priority.HIGH));

    assertThat(caller(enforcer(Exchanges.of(byClient, route())), token(FIRST)).claims())
        .isEqualTo(Map.of("client_id", "web"));
  }

  @Test
  void aReloadThatGoesByAnotherClaimFindsItInTokensKnownBefore() {
    String token = token(FIRST);
    Enforcer before = started();
    assertThat(caller(before, token).claim("client_id")).isEmpty();

    Enforcer after = enforcer(limit("client_id"));

    assertThat(caller(after, token).claim("client_id")).isEqualTo("web");
    assertThat(caller(before, token).claim("client_id")).isEqualTo("web");
    assertThat(count("verified")).as("once more, not each time").isEqualTo(2);
  }
}
