package dev.weir.gateway.pipeline;

import dev.weir.gateway.admission.AdaptiveLimit;
import dev.weir.gateway.admission.AdmissionStage;
import dev.weir.gateway.admission.LimitBounds;
import dev.weir.gateway.authorize.AuthorizeEnforcer;
import dev.weir.gateway.body.BodyPolicy;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.ingress.Inbound.Protocol;
import dev.weir.gateway.jwt.JwtStage;
import dev.weir.gateway.jwt.KeySets;
import dev.weir.gateway.jwt.LoneLedger;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.observe.AccessLog;
import dev.weir.gateway.observe.RequestDurations;
import dev.weir.gateway.resilience.AttemptLoop;
import dev.weir.gateway.resilience.Breakers;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Found;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.throttle.ThrottleStage;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.GenerousStore;
import dev.weir.jmh.sample.KeySetServer;
import dev.weir.jmh.sample.SampleIssuer;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** The gateway without its network: one generation of 1,000 routes, of which the last is asked. */
final class DecisionPath implements AutoCloseable {
  static final int LAST = 999;

  private final InstantSource clock = () -> Instant.ofEpochSecond(SampleIssuer.NOW);
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RequestDurations durations = new RequestDurations(LoopCounts.size());
  private final SampleIssuer issuer = new SampleIssuer("RS256");
  private final KeySets keys = new KeySets(clock, registry);
  private final AdaptiveLimit limit = new AdaptiveLimit(LimitBounds.STANDARD);
  private final ThrottleStage throttle = new ThrottleStage(new GenerousStore(), 1, registry);
  private final Observer observer =
      new Observer(Optional.of(new AccessLog(OutputStream.nullOutputStream(), registry)));
  private final Generation generation;
  private final AttemptLoop attempts;

  DecisionPath() {
    RouteTable table = table(follow());
    PlanBuilder plans =
        new PlanBuilder(stages(), route -> (exchange, call) -> Mono.error(new AssertionError()));
    this.generation = Generation.build(1, table, plans, registry, durations);
    this.attempts =
        new AttemptLoop(
            table.routes().get(LAST),
            (exchange, upstream, endpoint, timeout) -> Mono.just(answer()),
            new Breakers(registry));
  }

  private Issuer follow() {
    try (KeySetServer server = new KeySetServer(issuer.keySet())) {
      Issuer followed = issuer.policy(server.uri());
      keys.retain(Set.of(followed)).block();
      return followed;
    }
  }

  private static RouteTable table(Issuer issuer) {
    List<Route> routes = new ArrayList<>();
    for (int number = 0; number < LAST; number++) {
      routes.add(SampleRoutes.route(number, new Authentication.Open()));
    }
    Limit[] limits = {SampleRoutes.limit(Limit.Key.ADDRESS), SampleRoutes.limit(Limit.Key.TOKEN)};
    Authentication token =
        new Authentication.Jwt(issuer, Set.of("customer"), Set.of("orders:read"));
    routes.add(SampleRoutes.route(LAST, token, limits));
    return RouteTable.of(
        "0123456789ab", List.of(SampleRoutes.UPSTREAM), List.of(issuer), List.of(limits), routes);
  }

  private Map<Stage, StageFactory> stages() {
    JwtStage jwt =
        new JwtStage(keys, new RevocationSet(clock, registry), new LoneLedger(), clock, registry);
    Map<Stage, StageFactory> stages = new EnumMap<>(Stage.class);
    stages.put(Stage.ADMISSION, route -> Optional.of(new AdmissionStage(limit, route, registry)));
    stages.put(Stage.ADDRESS_GUARD, throttle::addressGuard);
    stages.put(Stage.JWT, jwt::enforcer);
    stages.put(Stage.AUTHORIZE, route -> AuthorizeEnforcer.of(route.authentication(), clock));
    stages.put(Stage.THROTTLE, throttle::sharedBuckets);
    stages.put(
        Stage.BODY_POLICY,
        route -> Optional.of(new BodyPolicy(route.maxBodyBytes(), Duration.ofSeconds(30))));
    return stages;
  }

  private static UpstreamResponse answer() {
    return new UpstreamResponse(
        200, SampleRequests.answerFields(), new UpstreamResponse.Body.Empty());
  }

  String token(String id) {
    return issuer.token(id);
  }

  /** Takes a request through, from its match to its line in the access log. */
  void pass(Exchange exchange) {
    Mono<Void> answer = Mono.defer(() -> decide(exchange));
    observer.observe(generation, Protocol.HTTP_2, exchange, answer).block();
  }

  private Mono<Void> decide(Exchange exchange) {
    Found found =
        generation
            .table()
            .find(exchange.head().host(), exchange.method().name(), exchange.head().path());
    if (!(found instanceof Found.Hit hit)) {
      return Mono.error(new AssertionError("no route"));
    }
    exchange.bind(hit.route(), hit.index());
    for (Enforcer enforcer : generation.plan(hit.index()).enforcers()) {
      Verdict verdict = enforcer.enforce(exchange);
      if (verdict instanceof Verdict.Await(Mono<Verdict> later)) {
        // Only the first requests of a client wait; after them a lease is at hand.
        verdict = later.blockOptional().orElseThrow();
      }
      Expect.that(verdict instanceof Verdict.Proceed, "a request that may pass");
    }
    return attempts.send(exchange).doOnNext(head -> finish(exchange, head)).then();
  }

  private static void finish(Exchange exchange, UpstreamResponse head) {
    ResponseFields.harden(head.headers(), exchange.head().requestId());
    exchange.noteStatus(head.status());
  }

  /** Looks whether every request came to its end and was counted, and closes. */
  @Override
  public void close() {
    Expect.that(limit.inFlight() == 0 && observer.openRequests() == 0, "no request is left");
    Expect.that(
        "2xx".equals(durations.collect().getDataPoints().getFirst().getLabels().get("outcome")),
        "requests counted");
    observer.close();
    throttle.close();
    keys.close();
  }
}
