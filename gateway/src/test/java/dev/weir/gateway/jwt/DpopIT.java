package dev.weir.gateway.jwt;

import static dev.weir.gateway.jwt.TestIssuer.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;

/** Attack 38: a token that is bound to a key, and everything that is no proof of that key. */
class DpopIT {
  private static final Duration AHEAD = Duration.ofMinutes(15);

  private static RSAKey signer;
  private static JwksServer server;

  private final AtomicLong seconds = new AtomicLong(NOW);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Set<String> shared = ConcurrentHashMap.newKeySet();
  private final Map<Long, String> nonces = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final TestProof proof = TestProof.make();
  private boolean away;
  private KeySets keySets;
  private Enforcer enforcer;
  private String token;

  @BeforeAll
  static void publish() throws Exception {
    signer = new RSAKeyGenerator(2048).keyID("key-1").algorithm(JWSAlgorithm.RS256).generate();
    server = new JwksServer(TestIssuer.jwks(signer));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void start() {
    keySets = new KeySets(this::now, meters, () -> 0, Schedulers.parallel(), 1000);
    token = token(",\"cnf\":{\"jkt\":\"" + proof.thumbprint() + "\"}");
    enforcer = gateway();
  }

  @AfterEach
  void stop() {
    keySets.close();
  }

  private Instant now() {
    return Instant.ofEpochSecond(seconds.get());
  }

  /** Another gateway before the same shared ledger, with a memory of its own. */
  private Enforcer gateway() {
    Issuer issuer = TestIssuer.issuer(server.uri(), "RS256");
    keySets.retain(Set.of(issuer)).block(Duration.ofSeconds(6));
    return new JwtStage(
            keySets, new RevocationSet(this::now, meters), new Shared(), this::now, meters)
        .enforcer(Requests.route("orders", new Authentication.Jwt(issuer, Set.of(), Set.of())))
        .orElseThrow();
  }

  /** What the gateways of a test know together. */
  private final class Shared implements ProofLedger {
    @Override
    public CompletionStage<Boolean> first(String name, Duration kept) {
      asked.incrementAndGet();
      assertThat(kept).as("both ends of the window count").isEqualTo(Duration.ofSeconds(121));
      return here(() -> shared.add(name));
    }

    @Override
    public CompletionStage<String> agree(long epoch, String proposal, Duration kept) {
      assertThat(kept).as("asked for ahead, and good for ten minutes").isGreaterThan(AHEAD);
      return here(() -> nonces.computeIfAbsent(epoch, _ -> proposal));
    }

    private <T> CompletionStage<T> here(Supplier<T> answer) {
      return away
          ? CompletableFuture.failedFuture(new IllegalStateException("gone"))
          : CompletableFuture.completedFuture(answer.get());
    }
  }

  private static String token(String more) {
    return TestIssuer.sign(
        TestIssuer.header("RS256", "key-1"),
        TestIssuer.claims("\"ue\":3", "\"ue\":3" + more),
        "RS256",
        TestIssuer.privateKey(signer));
  }

  private static Exchange request(String scheme, String token, String... proofs) {
    String[] fields = new String[2 + 2 * proofs.length];
    fields[0] = "Authorization";
    fields[1] = scheme + " " + token;
    for (int i = 0; i < proofs.length; i++) {
      fields[2 + 2 * i] = "DPoP";
      fields[3 + 2 * i] = proofs[i];
    }
    return Requests.from("192.0.2.1", "?page=2", fields);
  }

  private static Verdict decide(Enforcer gateway, Exchange exchange) {
    return Requests.settle(gateway.enforce(exchange)).join();
  }

  private Rejection refused(Enforcer gateway, Exchange exchange) {
    Rejection rejection = Requests.rejection(gateway.enforce(exchange));
    assertThat(exchange.caller().isVerified()).isFalse();
    assertThat(exchange.headers().contains("X-Weir-Subject")).isFalse();
    return rejection;
  }

  private static String field(Rejection rejection, String name) {
    return rejection.headers().stream()
        .filter(header -> header.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private String nonceOf(Enforcer gateway) {
    String now = Long.toString(seconds.get());
    String without = proof.sign(TestProof.claims("ask", "", token, "1800000000", now));
    Rejection rejection = refused(gateway, request("DPoP", token, without));
    assertThat(rejection.error()).isEqualTo(GatewayError.PROOF_NONCE);
    assertThat(field(rejection, "WWW-Authenticate"))
        .isEqualTo(
            "DPoP realm=\"weir\", algs=\"ES256 ES384 EdDSA RS256 PS256\","
                + " error=\"use_dpop_nonce\"");
    return field(rejection, "DPoP-Nonce");
  }

  private String good(String id) {
    return proof.sign(TestProof.claims(id, nonceOf(enforcer), token));
  }

  private double count(String outcome) {
    return meters.counter("weir.dpop.proofs", "outcome", outcome).count();
  }

  @Test
  void takesABoundTokenWithItsProofAndKeepsTheProofToItself() {
    Exchange exchange = request("DPoP", token, good("one"));

    assertThat(decide(enforcer, exchange)).isEqualTo(Verdict.PROCEED);

    assertThat(exchange.caller().subject()).isEqualTo("user-1");
    assertThat(exchange.headers().get("X-Weir-Subject")).isEqualTo("user-1");
    assertThat(exchange.headers().contains("DPoP")).isFalse();
    assertThat(exchange.headers().get("Authorization")).isEqualTo("DPoP " + token);
    assertThat(exchange.responseHeaders()).isEmpty();
    assertThat(count("accepted")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method | '\"GET\"' | '\"POST\"'",
        "method in lower case | '\"GET\"' | '\"get\"'",
        "host | //localhost/ | //localhost.example/",
        "port | //localhost/ | //localhost:8443/",
        "scheme | https:// | http://",
        "path | /api/orders | /api/orders/1",
        "no address | https://localhost/api/orders | ''",
        "other token | '\"ath\":\"' | '\"ath\":\"A'",
        "no token | '\"ath\"' | '\"ath2\"'",
        "too old | 1800000000 | 1799999939",
        "too new | 1800000000 | 1800000061",
        "time as text | 1800000000 | '\"1800000000\"'",
        "no id | '\"jti\":\"one\"' | '\"jti\":\"\"'",
        "an id with a space | '\"jti\":\"one\"' | '\"jti\":\"o ne\"'"
      })
  void refusesAProofOfAnotherRequest(String what, String before, String after) {
    String claims = TestProof.claims("one", nonceOf(enforcer), token, before, after);
    Rejection rejection = refused(enforcer, request("DPoP", token, proof.sign(claims)));
    assertThat(rejection.error()).as(what).isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(field(rejection, "WWW-Authenticate")).contains("error=\"invalid_dpop_proof\"");
    assertThat(asked).as("nothing is asked for a proof that is wrong").hasValue(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "an access token's type | dpop+jwt | at+jwt",
        "none | ES256 | none",
        "another algorithm than the key's | ES256 | ES384",
        "a shared secret | ES256 | HS256",
        "a place to fetch a key | '\"alg\"' | '\"jku\":\"https://evil.test\",\"alg\"'",
        "an extension | '\"alg\"' | '\"crit\":[\"x\"],\"x\":1,\"alg\"'",
        "no key | '\"jwk\"' | '\"jwk2\"'"
      })
  void refusesAProofThatIsNone(String what, String before, String after) {
    String claims = TestProof.claims("one", nonceOf(enforcer), token);
    String header = proof.header().replace(before, after);
    assertThat(header).isNotEqualTo(proof.header());
    Rejection rejection = refused(enforcer, request("DPoP", token, proof.sign(header, claims)));
    assertThat(rejection.error()).as(what).isEqualTo(GatewayError.PROOF_INVALID);
  }

  @Test
  void refusesAnotherKeysProofAPrivateKeyAndASignatureOfAnother() {
    String claims = TestProof.claims("one", nonceOf(enforcer), token);
    TestProof thief = TestProof.make();
    String published =
        proof
            .header()
            .replace(proof.key().toPublicJWK().toJSONString(), proof.key().toJSONString());
    for (String bad :
        new String[] {
          thief.sign(claims),
          thief.sign(proof.header(), claims),
          proof.sign(published, claims),
          "x",
          proof.sign(claims) + "A".repeat(4096)
        }) {
      assertThat(refused(enforcer, request("DPoP", token, bad)).error())
          .isEqualTo(GatewayError.PROOF_INVALID);
    }
  }

  @Test
  void refusesNoProofTwoProofsAndTheWrongScheme() {
    String one = good("one");
    String two = good("two");
    assertThat(refused(enforcer, request("DPoP", token)).error())
        .isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(refused(enforcer, request("DPoP", token, one, two)).error())
        .isEqualTo(GatewayError.PROOF_INVALID);
    Rejection bearer = refused(enforcer, request("Bearer", token, one));
    assertThat(bearer.error()).isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(field(bearer, "WWW-Authenticate")).contains("error=\"invalid_token\"");
    String unbound = token("");
    assertThat(refused(enforcer, request("DPoP", unbound, one)).error())
        .isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(refused(enforcer, request("DPoP", "x", one)).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
    assertThat(decide(enforcer, request("Bearer", unbound))).isEqualTo(Verdict.PROCEED);
    assertThat(asked).hasValue(0);
  }

  @Test
  void takesAProofOnceHereAndOnceEverywhere() {
    String one = good("one");
    assertThat(decide(enforcer, request("DPoP", token, one))).isEqualTo(Verdict.PROCEED);
    assertThat(refused(enforcer, request("DPoP", token, one)).error())
        .isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(asked).as("the second time is known here").hasValue(1);

    assertThat(refused(gateway(), request("DPoP", token, one)).error())
        .isEqualTo(GatewayError.PROOF_INVALID);
    assertThat(count("replayed")).isEqualTo(2);
  }

  @Test
  void decidesByItsOwnMemoryWhileTheLedgerIsAway() {
    String before = good("before");
    assertThat(decide(enforcer, request("DPoP", token, before))).isEqualTo(Verdict.PROCEED);
    away = true;
    String during = good("during");
    assertThat(decide(enforcer, request("DPoP", token, during))).isEqualTo(Verdict.PROCEED);
    assertThat(count("local")).isEqualTo(1);
    for (String again : new String[] {before, during}) {
      assertThat(refused(enforcer, request("DPoP", token, again)).error())
          .isEqualTo(GatewayError.PROOF_INVALID);
    }
  }

  @Test
  void tellsTheNextNonceInTimeAndTakesTheLastOneUntilThen() {
    String old = nonceOf(enforcer);
    seconds.set(NOW + 300);
    String late = proof.sign(TestProof.claims("late", old, token, "1800000000", "" + (NOW + 300)));
    Exchange exchange = request("DPoP", token, late);
    seconds.set(NOW + 299 + 30);
    assertThat(decide(enforcer, exchange)).isEqualTo(Verdict.PROCEED);
    assertThat(exchange.responseHeaders())
        .singleElement()
        .satisfies(
            header -> {
              assertThat(header.name()).isEqualTo("DPoP-Nonce");
              assertThat(header.value()).isNotEqualTo(old);
            });
  }

  @Test
  void takesTheNonceOfAnotherGatewayAlsoAfterTheTurnOfFiveMinutes() {
    String there = nonceOf(enforcer);
    String here = proof.sign(TestProof.claims("here", there, token));
    Enforcer other = gateway();
    assertThat(decide(other, request("DPoP", token, here))).isEqualTo(Verdict.PROCEED);

    seconds.set(NOW + 300);
    String next = nonceOf(other);
    assertThat(next).isNotEqualTo(there).isEqualTo(nonceOf(enforcer));
    assertThat(nonces).as("and the one after that is known already").hasSize(4);
    assertThat(nonceOf(gateway())).as("whoever comes later has it too").isEqualTo(next);
  }

  @Test
  void hasNoncesOfItsOwnWhileTheLedgerIsAwayAndStillTakesThemAfterwards() {
    away = true;
    String own = nonceOf(enforcer);
    Enforcer other = gateway();
    assertThat(nonceOf(other)).isNotEqualTo(own);
    String first = proof.sign(TestProof.claims("first", own, token));
    assertThat(decide(enforcer, request("DPoP", token, first))).isEqualTo(Verdict.PROCEED);

    away = false;
    seconds.addAndGet(1);
    assertThat(nonceOf(other)).isEqualTo(nonceOf(enforcer));
    String second = proof.sign(TestProof.claims("second", own, token));
    assertThat(decide(enforcer, request("DPoP", token, second))).isEqualTo(Verdict.PROCEED);
  }

  @Test
  void takesNothingForANonceThatCouldNotBeOne() {
    nonces.put(NOW / 300, "x\r\nSet-Cookie: a=b");
    assertThat(nonceOf(enforcer)).matches("[A-Za-z0-9_-]{16}");
  }

  @Test
  void asksNobodyForATokenThatIsBoundToNothing() {
    String unbound = token("");
    for (int i = 0; i < 3; i++) {
      assertThat(decide(enforcer, request("Bearer", unbound))).isEqualTo(Verdict.PROCEED);
    }
    assertThat(asked).hasValue(0);
    assertThat(nonces).isEmpty();
    assertThat(count("accepted")).isZero();
  }
}
