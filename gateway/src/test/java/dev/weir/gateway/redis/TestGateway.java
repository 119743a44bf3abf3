package dev.weir.gateway.redis;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.throttle.ThrottleStage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One process's worth of throttling: a link, a stage, meters of its own. */
final class TestGateway implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final RevocationSet revocations = new RevocationSet(InstantSource.system(), meters);
  final RedisLink link;
  final ThrottleStage stage;

  TestGateway(RedisSettings settings, int instances) {
    this.link = new RedisLink(settings, "a:local:", revocations, meters);
    this.stage = new ThrottleStage(link.buckets(), instances, meters);
  }

  static Limit limit(String name, long perSecond, long burst, Limit.OnRedisLoss mode) {
    return new Limit(name, Limit.Key.ROUTE, perSecond, Duration.ofSeconds(1), burst, mode);
  }

  /** Decides one request under one limit; tells the code of a refusal. */
  Optional<GatewayError> decide(Limit limit) {
    Route route = Requests.route("orders", new Authentication.Open(), limit);
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.bind(route, 0);
    Verdict verdict = stage.sharedBuckets(route).orElseThrow().enforce(exchange);
    try {
      Verdict settled = Requests.settle(verdict).get(5, TimeUnit.SECONDS);
      return settled.equals(Verdict.PROCEED)
          ? Optional.empty()
          : Optional.of(Requests.rejection(settled).error());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  boolean answers() {
    return whyNot().isEmpty();
  }

  /** Returns what the log line of an outage would say is its cause; nothing where there is none. */
  String whyNot() {
    return link.buckets()
        .probe()
        .toCompletableFuture()
        .handle((done, failure) -> failure == null ? "" : failure.toString())
        .join();
  }

  double calls(String outcome) {
    return meters.get("weir.redis.call.duration").tag("outcome", outcome).timer().count();
  }

  @Override
  public void close() {
    stage.close();
    link.close();
  }

  /** Returns whether this proof was seen for the first time. */
  static boolean first(TestGateway gateway, String name) throws Exception {
    return gateway
        .link
        .proofs()
        .first(name, Duration.ofMinutes(2))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
