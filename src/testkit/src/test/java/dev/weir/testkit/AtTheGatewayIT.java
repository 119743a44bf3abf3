package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.JwtStage;
import dev.weir.gateway.jwt.KeySets;
import dev.weir.gateway.jwt.ProofLedger;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.routefile.RouteFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Keeps the kit true: what it signs passes the gateway, and what it says is what upstreams read.
 */
class AtTheGatewayIT {
  private static final DefaultEventLoop LOOP = new DefaultEventLoop();
  private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
  private static final InstantSource CLOCK = InstantSource.system();
  private static final KeySets KEYS = new KeySets(CLOCK, METERS);
  private static TestIssuer kit;
  private static Enforcer enforcer;

  @BeforeAll
  static void start() {
    kit = TestIssuer.start();
    String file =
        """
        version: 1
        issuers:
          kit: { issuer: "%s", jwks: "%s", audience: weir-api }
        upstreams:
          orders: { endpoints: [http://127.0.0.1:9101] }
        routes:
          - { id: orders, match: { path: /api/orders }, upstream: orders, auth: { issuer: kit } }
        """
            .formatted(kit.name(), kit.jwks());
    if (!(RouteFile.parse("routes.yaml", file) instanceof RouteFile.Outcome.Compiled sound)) {
      throw new AssertionError(file);
    }
    KEYS.retain(new HashSet<>(sound.table().issuers())).block(Duration.ofSeconds(10));
    Route route = sound.table().routes().getFirst();
    enforcer =
        new JwtStage(KEYS, new RevocationSet(CLOCK, METERS), new LoneLedger(), CLOCK, METERS)
            .enforcer(route)
            .orElseThrow();
  }

  /** What a gateway knows that has no Redis to share with others. */
  private static final class LoneLedger implements ProofLedger {
    @Override
    public CompletionStage<Boolean> first(String name, Duration kept) {
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<String> agree(long epoch, String proposal, Duration kept) {
      return CompletableFuture.completedFuture(proposal);
    }
  }

  @AfterAll
  static void stop() {
    KEYS.close();
    kit.close();
    var _ = LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static Exchange call(String authorization, String proof) {
    HttpHeaders fields = new DefaultHttpHeaders();
    fields.set("Host", "localhost:8443").set("Authorization", authorization);
    if (!proof.isEmpty()) {
      fields.set("DPoP", proof);
    }
    RequestHead head =
        new RequestHead(
            HttpMethod.GET, "https", "localhost", "/api/orders", "", "192.0.2.1", "id", fields);
    return new Exchange(head, RequestBody.NONE, LOOP, System.nanoTime());
  }

  private static Verdict decide(Exchange exchange) {
    Verdict verdict = enforcer.enforce(exchange);
    return verdict instanceof Verdict.Await(var later)
        ? later.blockOptional(Duration.ofSeconds(10)).orElseThrow()
        : verdict;
  }

  private static Rejection refused(Exchange exchange) {
    if (decide(exchange) instanceof Verdict.Refuse(Rejection rejection)) {
      return rejection;
    }
    throw new AssertionError("not refused");
  }

  private static Map<String, String> told(Exchange exchange) {
    Map<String, String> fields = new TreeMap<>();
    exchange.headers().forEach(field -> fields.put(field.getKey(), field.getValue()));
    fields.keySet().removeIf(name -> !name.startsWith("X-Weir-"));
    return fields;
  }

  @Test
  void tellsServicesWhatTheKitSaysThatItTells() {
    TestSession session =
        kit.session("user-1").withRoles("customer", "admin").withScopes("orders:read", "a:b");
    Exchange exchange = call("Bearer " + session.token(), "");
    assertThat(decide(exchange)).isEqualTo(Verdict.PROCEED);
    assertThat(told(exchange)).isEqualTo(session.fields());

    TestSession bare = kit.session("user-2");
    Exchange other = call("Bearer " + bare.token(), "");
    assertThat(decide(other)).isEqualTo(Verdict.PROCEED);
    assertThat(told(other)).isEqualTo(bare.fields());
  }

  @Test
  void refusesWhatTheKitCallsExpired() {
    assertThat(refused(call("Bearer " + kit.session("user-1").expiredToken(), "")).error())
        .isEqualTo(GatewayError.TOKEN_INVALID);
  }

  @Test
  void takesABoundTokenWithTheKitsProof() {
    BoundKey key = new BoundKey();
    String token = kit.session("user-1").boundTo(key).token();
    String uri = "https://localhost:8443/api/orders";
    String nonce =
        refused(call("DPoP " + token, key.proof("GET", uri, token, ""))).headers().stream()
            .filter(header -> header.name().equals("DPoP-Nonce"))
            .findFirst()
            .orElseThrow()
            .value();
    assertThat(decide(call("DPoP " + token, key.proof("GET", uri, token, nonce))))
        .isEqualTo(Verdict.PROCEED);
    assertThat(refused(call("Bearer " + token, "")).error()).isEqualTo(GatewayError.PROOF_INVALID);
  }
}
