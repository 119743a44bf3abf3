package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.KeySetServer;
import dev.weir.jmh.sample.SampleIssuer;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Shows what the whole token stage costs for a token that is known, which nearly all are. */
@State(Scope.Benchmark)
public class TokenCacheBench {
  private final InstantSource clock = () -> Instant.ofEpochSecond(SampleIssuer.NOW);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final KeySets keys = new KeySets(clock, meters);
  private final SampleIssuer issuer = new SampleIssuer("RS256");
  private final Enforcer enforcer = enforcer();
  private final String token = issuer.token("token-1");

  private Enforcer enforcer() {
    try (KeySetServer server = new KeySetServer(issuer.keySet())) {
      Issuer policy = issuer.policy(server.uri());
      keys.retain(Set.of(policy)).block();
      return new JwtStage(keys, new RevocationSet(clock, meters), new LoneLedger(), clock, meters)
          .enforcer(SampleRoutes.route(42, new Authentication.Jwt(policy, Set.of(), Set.of())))
          .orElseThrow();
    }
  }

  /** The request of one event loop; the stage writes the same into it each time. */
  @State(Scope.Thread)
  public static class Loop {
    private final Exchange exchange;

    /** Presents the token. */
    public Loop() {
      this.exchange =
          SampleRequests.exchange(
              SampleRoutes.path(42), "203.0.113.9", SampleRequests.fields(), new BenchLoop());
    }

    Exchange with(String token) {
      if (!exchange.headers().contains("authorization")) {
        exchange.headers().set("authorization", "Bearer " + token);
      }
      return exchange;
    }
  }

  /** Decides on a known token. */
  @Benchmark
  public Verdict cached(Loop loop) {
    Exchange exchange = loop.with(token);
    Verdict verdict = enforcer.enforce(exchange);
    Expect.that(
        verdict instanceof Verdict.Proceed && exchange.caller().subject().equals("user-1"),
        "a known caller");
    return verdict;
  }

  /** Follows the issuer no more. */
  @TearDown
  public void close() {
    Expect.that(
        meters.counter("weir.jwt.verifications", "outcome", "verified").count() <= 2,
        "one check of the signature, or one for each loop");
    keys.close();
  }
}
