package dev.weir.gateway.resilience;

import static dev.weir.gateway.resilience.ScriptedTransport.failure;
import static dev.weir.gateway.resilience.ScriptedTransport.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.RetryPolicy.Cause;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Service;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Deadline, choice, breaker and retry, over a transport that answers as told. */
final class AttemptLoopTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Endpoint A = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101);
  private static final Endpoint B = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_102);
  private static final RetryPolicy RETRY = new RetryPolicy(3, Set.of(Cause.values()));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MovedClock clock = new MovedClock();
  private final Breakers breakers = new Breakers(registry, clock);
  private final ScriptedTransport transport = new ScriptedTransport();
  private final AtomicInteger random = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong(System.nanoTime());

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static Route route(RetryPolicy retry, Endpoint... endpoints) {
    var policy = new BreakerPolicy(0.5, 4, 2, Duration.ofSeconds(5), 1, Optional.empty());
    Upstream plain = Exchanges.upstream(endpoints);
    var upstream =
        new Upstream(plain.name(), List.of(endpoints), plain.pool(), policy, Selection.STANDARD);
    return Exchanges.with(
        Exchanges.route(upstream), Duration.ofSeconds(2), Duration.ofMillis(1_500), retry);
  }

  private AttemptLoop loop(Route route) {
    return new AttemptLoop(route, transport, breakers, bound -> random.get() % bound, nanos::get);
  }

  private EndpointBreaker breaker(Route route) {
    return breakers.roster(route.upstream()).now().all()[0];
  }

  private static Exchange get(Route route) {
    return Exchanges.request(route, LOOP, HttpMethod.GET, "/a");
  }

  private UpstreamResponse send(Route route) {
    Exchange exchange = get(route);
    var response = Objects.requireNonNull(loop(route).send(exchange).block(PATIENCE));
    exchange.complete();
    return response;
  }

  private Rejection refusal(Route route, Exchange exchange) {
    return Objects.requireNonNull(
            catchThrowableOfType(
                RefusedException.class, () -> loop(route).send(exchange).block(PATIENCE)))
        .rejection();
  }

  private double counted(String name, String tag, String value) {
    return registry.find(name).tag(tag, value).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void passesAnswerOnAndCountsIt() {
    Route route = route(RetryPolicy.NEVER, A);
    Exchange exchange = get(route);
    var response = Objects.requireNonNull(loop(route).send(exchange).block(PATIENCE));

    assertThat(response.status()).isEqualTo(200);
    assertThat(exchange.attempts()).isOne();
    assertThat(exchange.endpoint()).isEqualTo("127.0.0.1:9101");
    assertThat(counted("weir.attempts", "outcome", "ok")).isOne();
    assertThat(transport.calls().getFirst().timeout()).isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void doesWithoutRetriesUnderPressure() {
    Route route = Exchanges.without(route(RETRY, A, B), BrownOut.HEDGE, BrownOut.RETRY);
    breakers.moveLimits(0, 0, 0.8);
    transport.then(failure(Kind.RESET), status(200), failure(Kind.RESET));
    assertThat(refusal(route, get(route)).error()).isEqualTo(GatewayError.UPSTREAM_RESET);
    assertThat(transport.calls()).hasSize(1);
    assertThat(counted("weir.brown.outs", "part", "retry")).isOne();

    breakers.moveLimits(0, 0, 0.6);
    assertThat(send(route).status()).isEqualTo(200);
    assertThat(send(route).status()).as("after a retry").isEqualTo(200);
    assertThat(transport.calls()).hasSize(4);
  }

  @Test
  void refusesWhatTheUpstreamCannotServe() {
    Route route = route(RetryPolicy.NEVER, A);
    UpstreamLimit limit = breakers.limit(route.upstream()).orElseThrow();
    for (int look = 1; look <= 12; look++) {
      IntStream.range(0, 20).forEach(i -> limit.noteLate());
      breakers.moveLimits(look * 100_000_000L, 0, 0);
    }
    transport.then(Mono.never(), Mono.never(), Mono.never(), Mono.never());
    var waiting =
        IntStream.range(0, 4).mapToObj(i -> loop(route).send(get(route)).subscribe()).toList();
    await().until(() -> limit.waiting() == 4);

    Rejection refused = refusal(route, get(route));
    assertThat(refused.error()).isEqualTo(GatewayError.UPSTREAM_OVERLOADED);
    assertThat(refused.headers()).anyMatch(field -> field.name().equals("Retry-After"));
    assertThat(transport.calls()).hasSize(4);
    waiting.forEach(Disposable::dispose);
    await().until(() -> limit.waiting() == 0);
    assertThat(send(route).status()).isEqualTo(200);
  }

  @Test
  void doesNotBreakOffFromAnUpstreamThatShedsOnPurpose() {
    Route route = route(RetryPolicy.NEVER, A);
    for (int i = 0; i < 20; i++) {
      transport.then(shed());
      assertThat(send(route).status()).isEqualTo(503);
    }
    assertThat(counted("weir.attempts", "outcome", "shed")).isEqualTo(20);
    assertThat(send(route).status()).isEqualTo(200);

    transport.then(status(503));
    assertThat(send(route).status()).as("no Retry-After").isEqualTo(503);
    assertThat(refusal(route, get(route)).error()).isEqualTo(GatewayError.BREAKER_OPEN);
  }

  @Test
  void breaksOffFromAnUpstreamThatDoesNothingButShed() {
    Route route = route(RetryPolicy.NEVER, A);
    transport.then(shed());
    send(route);
    clock.move(Duration.ofMillis(900));
    transport.then(status(200), shed());
    send(route);
    send(route);
    clock.move(Duration.ofSeconds(1));
    transport.then(shed());
    send(route);
    assertThat(refusal(route, get(route)).error()).isEqualTo(GatewayError.BREAKER_OPEN);
  }

  private static Mono<UpstreamResponse> shed() {
    return status(503)
        .map(
            answer -> {
              answer.headers().set("Retry-After", "1");
              return answer;
            });
  }

  @Test
  void placesARequestByTheClaimOfItsCaller() {
    Route route =
        Exchanges.of(
            new PriorityRule(Priority.LOW, "plan", Map.of("gold", Priority.CRITICAL)),
            route(RetryPolicy.NEVER, A));
    UpstreamLimit limit = breakers.limit(route.upstream()).orElseThrow();
    for (int look = 1; look <= 12; look++) {
      IntStream.range(0, 20).forEach(i -> limit.noteLate());
      breakers.moveLimits(look * 100_000_000L, 0, 0);
    }
    transport.then(Mono.never(), Mono.never(), Mono.never(), Mono.never(), Mono.never());
    AttemptLoop loop = loop(route);
    var waiting =
        IntStream.range(0, 4).mapToObj(i -> loop.send(paying(route, "")).subscribe()).toList();
    await().until(() -> limit.waiting() == 4);

    assertThat(refusal(route, paying(route, "silver")).error())
        .isEqualTo(GatewayError.UPSTREAM_OVERLOADED);
    var gold = loop.send(paying(route, "gold")).subscribe();
    await().until(() -> limit.waiting() == 5);
    gold.dispose();
    waiting.forEach(Disposable::dispose);
    await().until(() -> limit.waiting() == 0);
  }

  private static Exchange paying(Route route, String plan) {
    Exchange exchange = get(route);
    exchange.identify(new Caller("ann", "", "", Set.of(), Set.of(), Map.of("plan", plan), "weir"));
    return exchange;
  }

  @Test
  void tellsTheUpstreamHowLongItsAnswerIsAwaited() {
    Route route = route(RetryPolicy.NEVER, A);
    Exchange exchange = get(route);
    loop(route).send(exchange).block(PATIENCE);
    assertThat(exchange.headers().get("X-Weir-Deadline-Ms")).isEqualTo("1500");

    Exchange late = get(route);
    nanos.set(late.startedNanos() + Duration.ofMillis(1_200).toNanos() + 1);
    loop(route).send(late).block(PATIENCE);
    assertThat(late.headers().get("X-Weir-Deadline-Ms")).isEqualTo("800");
  }

  @Test
  void keepsToTheCallersDeadlineWhereThatIsSooner() {
    Route route = route(RetryPolicy.NEVER, A);
    Exchange exchange = Exchanges.within(Duration.ofMillis(700), route, LOOP);
    nanos.set(exchange.startedNanos() + Duration.ofMillis(100).toNanos());
    loop(route).send(exchange).block(PATIENCE);
    assertThat(exchange.headers().get("X-Weir-Deadline-Ms")).isEqualTo("600");
    assertThat(transport.calls().getFirst().timeout()).isEqualTo(Duration.ofMillis(600));

    Exchange over = Exchanges.within(Duration.ZERO, route, LOOP);
    assertThat(refusal(route, over).detail()).contains("the proxy before this gateway");
    assertThat(transport.calls()).hasSize(1);
  }

  @Test
  void triesAnotherEndpointAfterFailure() {
    transport.then(failure(Kind.RESET));

    assertThat(send(route(RETRY, A, B)).status()).isEqualTo(200);
    assertThat(transport.calls())
        .extracting(ScriptedTransport.Call::endpoint)
        .containsExactly(A, B);
    assertThat(counted("weir.retries", "outcome", "retried")).isOne();
    assertThat(counted("weir.attempts", "outcome", "reset")).isOne();
  }

  @Test
  void triesSameEndpointAgainWhereThereIsNoOther() {
    transport.then(failure(Kind.CONNECT_FAILED));

    assertThat(send(route(RETRY, A)).status()).isEqualTo(200);
    assertThat(transport.calls()).hasSize(2);
  }

  @Test
  void passesLastErrorAnswerOnAsItIs() {
    transport.then(status(503), status(503), status(502));
    Route route = route(RETRY, A, B);
    Exchange exchange = get(route);
    var response = Objects.requireNonNull(loop(route).send(exchange).block(PATIENCE));

    assertThat(response.status()).isEqualTo(502);
    assertThat(exchange.attempts()).isEqualTo(3);
    assertThat(counted("weir.attempts", "outcome", "error")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT_FAILED, UPSTREAM_UNREACHABLE",
    "POOL_EXHAUSTED, UPSTREAM_BUSY",
    "RESET, UPSTREAM_RESET",
    "TIMEOUT, DEADLINE_EXCEEDED",
    "PROTOCOL, UPSTREAM_PROTOCOL",
    "REQUEST_ABORTED, CLIENT_ABORTED"
  })
  void namesTheCauseOfTheLastFailure(Kind kind, GatewayError error) {
    transport.then(failure(kind));
    Route route = route(RetryPolicy.NEVER, A);

    assertThat(refusal(route, get(route)).error()).isEqualTo(error);
  }

  @Test
  void retriesNothingThatHasABodyOnceItWasSent() {
    transport.then(failure(Kind.RESET));
    Route route = route(RETRY, A, B);
    Exchange upload =
        Exchanges.request(route, LOOP, HttpMethod.PUT, Flux.never(), headers -> headers);

    assertThat(refusal(route, upload).error()).isEqualTo(GatewayError.UPSTREAM_RESET);
    assertThat(transport.calls()).hasSize(1);
  }

  private static Exchange keyed(Route route, Flux<ByteBuf> body, int length) {
    return Exchanges.request(
        route,
        LOOP,
        HttpMethod.POST,
        body,
        headers -> headers.add("Idempotency-Key", "\"k1\"").add("Content-Length", length));
  }

  private static Flux<ByteBuf> pieces(String... pieces) {
    return Flux.fromArray(pieces).map(Exchanges::bytes);
  }

  private static RetryPolicy keeping(boolean byKey, int bytes) {
    return new RetryPolicy(2, RETRY.on(), Duration.ZERO, byKey, bytes);
  }

  @Test
  void sendsAKeyedRequestWithASmallBodyTwice() {
    transport.reading().then(failure(Kind.RESET));
    Route route = route(keeping(true, 8), A, B);
    Exchange exchange = keyed(route, pieces("four", "more"), 8);

    assertThat(Objects.requireNonNull(loop(route).send(exchange).block(PATIENCE)).status())
        .isEqualTo(200);
    assertThat(transport.bodies()).containsExactly("fourmore", "fourmore");
    exchange.complete();
  }

  @Test
  void sendsOnceWhatIsTooLongOrHasNoKeyOrTwo() {
    Route keeping = route(keeping(true, 8), A, B);
    Route unaware = route(keeping(false, 8), A, B);
    Exchange twoKeys = keyed(keeping, pieces("four"), 4);
    twoKeys.headers().add("Idempotency-Key", "other");
    Exchange noKey = keyed(keeping, pieces("four"), 4);
    noKey.headers().set("Idempotency-Key", "");
    for (Exchange exchange :
        List.of(
            keyed(keeping, pieces("far too long"), 12),
            keyed(unaware, pieces("four"), 4),
            twoKeys,
            noKey)) {
      transport.reading().then(failure(Kind.RESET));
      assertThat(refusal(exchange.route(), exchange).error())
          .isEqualTo(GatewayError.UPSTREAM_RESET);
      exchange.complete();
    }
    assertThat(transport.calls()).hasSize(4);
  }

  @Test
  void sendsOnceWhereKeptBodiesTakeTooMuchMemory() {
    KeptBytes memory = new KeptBytes(10);
    Breakers scarce = new Breakers(registry, clock, memory);
    Route route = route(keeping(true, 8), A, B);
    AttemptLoop loop = new AttemptLoop(route, transport.reading(), scarce, _ -> 0, nanos::get);
    Exchange first = keyed(route, pieces("fourmore"), 8);
    loop.send(first).block(PATIENCE);

    Exchange second = keyed(route, pieces("fourmore"), 8);
    loop.send(second).block(PATIENCE);
    assertThat(second.body().kept()).isFalse();
    assertThat(counted("weir.retries", "outcome", "not_kept")).isOne();

    first.complete();
    second.complete();
    assertThat(memory.tryHold(10)).isTrue();
  }

  @Test
  void blamesTheClientWhoseKeptBodyDoesNotCome() {
    nanos.set(System.nanoTime() + Duration.ofMillis(1_990).toNanos());
    Route route = route(keeping(true, 8), A, B);
    Exchange exchange = keyed(route, Flux.never(), 8);

    assertThat(refusal(route, exchange).error()).isEqualTo(GatewayError.REQUEST_TIMEOUT);
    assertThat(transport.calls()).isEmpty();
    exchange.complete();
  }

  @Test
  void waitsLongerEachTimeBeforeTheSameEndpoint() {
    random.set(1_000);
    AttemptLoop loop =
        loop(route(new RetryPolicy(5, RETRY.on(), Duration.ofMillis(64), false, 0), A));

    // 1000 modulo 64, 128, 256 and 512, and one.
    assertThat(IntStream.rangeClosed(1, 4).mapToObj(loop::backOffMillis))
        .containsExactly(41L, 105L, 233L, 489L);
  }

  @Test
  void retriesAnyMethodWhereNothingWasSent() {
    transport.then(failure(Kind.CONNECT_FAILED));
    Route route = route(RETRY, A, B);
    Exchange upload =
        Exchanges.request(route, LOOP, HttpMethod.POST, Flux.never(), headers -> headers);

    assertThat(Objects.requireNonNull(loop(route).send(upload).block(PATIENCE)).status())
        .isEqualTo(200);
    assertThat(transport.calls()).hasSize(2);
  }

  @Test
  void retriesNoPost() {
    transport.then(status(503));
    Route route = route(RETRY, A, B);
    Exchange post = Exchanges.request(route, LOOP, HttpMethod.POST, "/a");

    assertThat(Objects.requireNonNull(loop(route).send(post).block(PATIENCE)).status())
        .isEqualTo(503);
    assertThat(transport.calls()).hasSize(1);
  }

  @Test
  void saysThatDnsHasNotLocatedAnUpstream() {
    Upstream plain = Exchanges.upstream(A);
    var nowhere =
        new Upstream(
            "nowhere",
            List.of(),
            plain.pool(),
            plain.breaker(),
            Selection.STANDARD,
            Optional.of(new Service("_http._tcp.nowhere.test")),
            OptionalInt.empty());
    Route route = Exchanges.with(Exchanges.route(nowhere), PATIENCE, PATIENCE, RETRY);
    assertThat(refusal(route, get(route)).error()).isEqualTo(GatewayError.UPSTREAM_UNREACHABLE);

    breakers.noteEndpoints(nowhere, List.of(A));
    assertThat(send(route).status()).isEqualTo(200);
  }

  @Test
  void refusesPastTheDeadlineAndNamesIt() {
    Route route = route(RETRY, A, B);
    Exchange exchange = get(route);
    nanos.set(exchange.startedNanos() + Duration.ofSeconds(3).toNanos());
    Rejection rejection = refusal(route, exchange);

    assertThat(rejection.error()).isEqualTo(GatewayError.DEADLINE_EXCEEDED);
    assertThat(rejection.detail()).contains("deadline of 2s");
    assertThat(transport.calls()).isEmpty();
  }

  @Test
  void boundsAttemptByWhatIsLeft() {
    Route route = route(RETRY, A);
    Exchange exchange = get(route);
    nanos.set(exchange.startedNanos() + Duration.ofMillis(1_900).toNanos());
    loop(route).send(exchange).block(PATIENCE);

    assertThat(transport.calls().getFirst().timeout()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void breakerOpensHalfOpensAndCloses() {
    Route route = route(RetryPolicy.NEVER, A);
    transport.then(failure(Kind.RESET), status(504));
    refusal(route, get(route));
    send(route);
    Rejection held = refusal(route, get(route));

    assertThat(held.error()).isEqualTo(GatewayError.BREAKER_OPEN);
    assertThat(held.headers()).containsExactly(new Rejection.Header("Retry-After", "5"));
    assertThat(registry.get("weir.breaker.state").gauge().value()).isEqualTo(2);
    assertThat(transport.calls()).hasSize(2);

    clock.move(Duration.ofMillis(5_001));
    // Also where no request comes to find out, or an alert would stay for a healthy endpoint.
    assertThat(registry.get("weir.breaker.state").gauge().value()).isOne();
    assertThat(send(route).status()).isEqualTo(200);
    assertThat(registry.get("weir.breaker.state").gauge().value()).isZero();
    for (String to : List.of("open", "half_open", "closed")) {
      assertThat(counted("weir.breaker.transitions", "to", to)).isOne();
    }
  }

  @Test
  void avoidsEndpointWhoseBreakerIsOpen() {
    Route route = route(RetryPolicy.NEVER, A, B);
    transport.then(status(503), status(503));
    send(route);
    send(route);
    for (int i = 0; i < 4; i++) {
      random.set(i);
      assertThat(send(route).status()).isEqualTo(200);
    }

    assertThat(transport.calls().subList(2, 6))
        .extracting(ScriptedTransport.Call::endpoint)
        .containsOnly(B);
  }

  @Test
  void asksAnEjectedEndpointWhereNoOtherPermits() {
    Route route = route(RetryPolicy.NEVER, A, B);
    for (int i = 0; i < 4; i++) {
      transport.then(status(503));
      send(route);
    }
    // Both breakers are open; A came first and is ejected for longer than its breaker is open.
    assertThat(refusal(route, get(route)).error()).isEqualTo(GatewayError.BREAKER_OPEN);
    assertThat(registry.get("weir.endpoint.state").gauges().stream().mapToDouble(Gauge::value))
        .containsExactlyInAnyOrder(1.0, 0.0);
    clock.move(Duration.ofMillis(5_001));
    transport.then(Mono.never());
    var probe = loop(route).send(get(route)).subscribe();
    LOOP.submit(() -> {}).syncUninterruptibly();
    send(route);

    assertThat(transport.calls().subList(4, 6))
        .extracting(ScriptedTransport.Call::endpoint)
        .containsExactly(B, A);
    LOOP.submit(probe::dispose).syncUninterruptibly();
  }

  @Test
  void slowCallCountsAsFailure() {
    var policy =
        new BreakerPolicy(0.5, 4, 2, Duration.ofSeconds(5), 1, Optional.of(Duration.ofMillis(100)));
    var breaker =
        new EndpointBreaker(new BreakerKey("orders", A, policy), new LoopCounts(), registry, clock);
    for (int i = 0; i < 2; i++) {
      assertThat(breaker.tryBegin()).isTrue();
      breaker.end(Outcome.OK, Duration.ofMillis(200).toNanos());
    }

    assertThat(breaker.tryBegin()).isFalse();
    assertThat(counted("weir.attempts", "outcome", "slow")).isEqualTo(2);
  }

  @Test
  void cancelReleasesWithoutRecording() {
    Route route = route(RetryPolicy.NEVER, A);
    for (int i = 0; i < 5; i++) {
      transport.then(Mono.never());
      var running = loop(route).send(get(route)).subscribe();
      LOOP.submit(running::dispose).syncUninterruptibly();
    }

    assertThat(send(route).status()).isEqualTo(200);
    assertThat(counted("weir.attempts", "outcome", "cancelled")).isEqualTo(5);
    assertThat(breaker(route).inFlight()).isZero();
  }

  @Test
  void probeThatIsCancelledLeavesRoomForAnother() {
    Route route = route(RetryPolicy.NEVER, A);
    transport.then(status(503), status(503), Mono.never());
    send(route);
    send(route);
    clock.move(Duration.ofMillis(5_001));
    var probe = loop(route).send(get(route)).subscribe();
    LOOP.submit(() -> {}).syncUninterruptibly();
    assertThat(refusal(route, get(route)).headers())
        .containsExactly(new Rejection.Header("Retry-After", "1"));
    LOOP.submit(probe::dispose).syncUninterruptibly();

    assertThat(send(route).status()).isEqualTo(200);
  }

  @Test
  void passesRefusalOfBodyOnUnchanged() {
    var refused = new RefusedException(Rejection.of(GatewayError.BODY_TOO_LARGE, "too large"));
    transport.then(Mono.error(refused));
    Route route = route(RETRY, A);

    assertThat(refusal(route, get(route))).isSameAs(refused.rejection());
    assertThat(transport.calls()).hasSize(1);
  }

  @Test
  void requestIsUnderWayUntilItsAnswerEnds() {
    Route route = route(RETRY, A);
    Exchange exchange = get(route);
    transport.then(status(503), status(200));
    loop(route).send(exchange).block(PATIENCE);

    assertThat(registry.get("weir.endpoint.requests").gauge().value()).isOne();
    assertThat(breakers.load(route.upstream()).sum()).isOne();
    exchange.complete();
    assertThat(registry.get("weir.endpoint.requests").gauge().value()).isZero();
    assertThat(breakers.load(route.upstream()).sum()).isZero();
  }

  @Test
  void keepsBreakerOverReloadWhereThePolicyIsEqual() {
    Route route = route(RetryPolicy.NEVER, A);
    EndpointBreaker before = breaker(route);
    breakers.retain(Set.of(route(RETRY, A).upstream()));
    assertThat(breaker(route)).isSameAs(before);

    breakers.retain(Set.of());
    assertThat(registry.find("weir.breaker.state").gauge()).isNull();
    assertThat(breaker(route)).isNotSameAs(before);
  }

  @Test
  void retryBudgetKeepsAStormAway() {
    var budget = new RetryBudget("orders", registry);
    for (int i = 0; i < 3; i++) {
      assertThat(budget.tryRetry()).isTrue();
    }
    assertThat(budget.tryRetry()).isFalse();
    for (int i = 0; i < 25; i++) {
      budget.requestBegins();
    }
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).isFalse();
    budget.retryEnds();
    assertThat(budget.tryRetry()).isTrue();
    assertThat(counted("weir.retries", "outcome", "budget_exhausted")).isEqualTo(2);
  }

  @Test
  void outageCostsAtMostTheBudget() {
    var policy = new BreakerPolicy(1, 10_000, 10_000, Duration.ofSeconds(5), 1, Optional.empty());
    Upstream plain = Exchanges.upstream(A, B);
    var upstream =
        new Upstream("storm", List.of(A, B), PATIENCE, 16, plain.pool().maxIdle(), policy);
    Route route = Exchanges.with(Exchanges.route(upstream), PATIENCE, PATIENCE, RETRY);
    AttemptLoop loop =
        new AttemptLoop(
            route,
            (exchange, to, endpoint, timeout) -> {
              transport.attempt(exchange, to, endpoint, timeout);
              return status(503)
                  .delayElement(Duration.ofMillis(20), Schedulers.fromExecutorService(LOOP));
            },
            breakers);
    Flux.range(0, 100).flatMap(i -> loop.send(get(route)), 100).blockLast(PATIENCE);

    // 100 requests at once: a fifth of them retries, twice at most.
    assertThat(transport.calls()).hasSizeBetween(103, 140);
    assertThat(counted("weir.retries", "outcome", "budget_exhausted")).isGreaterThan(50);
  }
}
