package dev.weir.gateway.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.route.Authentication;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Assertions;

/**
 * Shows what the token cache saves: the whole stage with a token it knows, and with one it does
 * not. Run by hand: timings have no place among tests.
 */
final class TokenBench {
  private static final int TOKENS = 2_000;

  private TokenBench() {}

  public static void main(String[] args) throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("k").algorithm(JWSAlgorithm.RS256).generate();
    try (JwksServer server = new JwksServer(TestIssuer.jwks(key))) {
      var issuer = TestIssuer.issuer(server.uri(), "RS256");
      List<String> tokens = new ArrayList<>();
      for (int i = 0; i < TOKENS; i++) {
        tokens.add(
            TestIssuer.sign(
                TestIssuer.header("RS256", "k"),
                TestIssuer.claims("token-1", "token-" + i),
                "RS256",
                TestIssuer.privateKey(key)));
      }
      for (int round = 0; round < 8; round++) {
        var meters = new SimpleMeterRegistry();
        var revocations = new RevocationSet(() -> Instant.ofEpochSecond(TestIssuer.NOW), meters);
        try (KeySets keys = new KeySets(() -> Instant.ofEpochSecond(TestIssuer.NOW), meters)) {
          keys.retain(Set.of(issuer)).block();
          Enforcer enforcer =
              new JwtStage(keys, revocations, meters)
                  .enforcer(
                      Requests.route("bench", new Authentication.Jwt(issuer, Set.of(), Set.of())))
                  .orElseThrow();
          double verified = micros(enforcer, tokens);
          double cached = micros(enforcer, tokens);
          for (int i = 0; i < 20; i++) {
            cached = Math.min(cached, micros(enforcer, tokens));
          }
          System.out.printf(
              Locale.ROOT, "verified %.1f us, cached %.2f us a request%n", verified, cached);
        }
      }
    }
  }

  private static double micros(Enforcer enforcer, List<String> tokens) {
    List<Exchange> exchanges = new ArrayList<>(tokens.size());
    for (String token : tokens) {
      exchanges.add(Requests.from("192.0.2.1", "", "Authorization", "Bearer " + token));
    }
    int passed = 0;
    long started = System.nanoTime();
    for (Exchange exchange : exchanges) {
      if (enforcer.enforce(exchange) instanceof Verdict.Proceed) {
        passed++;
      }
    }
    long elapsed = System.nanoTime() - started;
    Assertions.assertEquals(tokens.size(), passed, "every token passes");
    return elapsed / 1000.0 / tokens.size();
  }
}
