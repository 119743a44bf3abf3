package dev.weir.gateway.throttle;

import static dev.weir.gateway.throttle.Authentications.JWT;
import static dev.weir.gateway.throttle.Authentications.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Limit.OnRedisLoss;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.test.scheduler.VirtualTimeScheduler;

class ThrottleStageTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final FakeStore store = new FakeStore(millis::get);
  private final ThrottleStage stage = new ThrottleStage(store, 4, meters, millis::get, time, 1000);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(StoreWatch.class);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    stage.close();
  }

  private static Limit limit(String name, Limit.Key key, long burst, OnRedisLoss mode) {
    return new Limit(name, key, 8, Duration.ofMinutes(1), burst, mode);
  }

  private static Exchange from(String address, Route route) {
    Exchange exchange = Requests.from(address, "");
    exchange.bind(route, 0);
    return exchange;
  }

  private static Verdict decide(Enforcer enforcer, Exchange exchange) {
    return Requests.settle(enforcer.enforce(exchange)).join();
  }

  private double count(String meter, String... tags) {
    return meters.counter(meter, tags).count();
  }

  @Test
  void drawsAllTiersInOneCallAndTellsWhatIsLeft() {
    Route route =
        Requests.route(
            "orders",
            OPEN,
            limit("per-address", Limit.Key.ADDRESS, 3, OnRedisLoss.OPEN),
            new Limit("all", Limit.Key.ROUTE, 5, Duration.ofMillis(100), 10, OnRedisLoss.OPEN));
    Exchange exchange = from("192.0.2.1", route);

    assertThat(decide(stage.sharedBuckets(route).orElseThrow(), exchange))
        .isEqualTo(Verdict.PROCEED);

    assertThat(store.draws).singleElement().satisfies(draws -> assertThat(draws).hasSize(2));
    assertThat(exchange.responseHeaders())
        .containsExactly(
            new Rejection.Header("RateLimit-Policy", "\"per-address\";q=8;w=60, \"all\";q=50;w=1"),
            new Rejection.Header("RateLimit", "\"per-address\";r=2;t=8, \"all\";r=9;t=1"));
    assertThat(count("weir.throttle.decisions", "limit", "all", "outcome", "allowed")).isEqualTo(1);
  }

  @Test
  void refusesWithTheTrueWaitAndNamesTheLimit() {
    Route route =
        Requests.route(
            "orders",
            OPEN,
            limit("per-address", Limit.Key.ADDRESS, 1, OnRedisLoss.OPEN),
            limit("all", Limit.Key.ROUTE, 10, OnRedisLoss.OPEN));
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    decide(enforcer, from("192.0.2.1", route));
    millis.addAndGet(2_400);

    Rejection rejection = Requests.rejection(enforcer.enforce(from("192.0.2.1", route)));

    assertThat(rejection.error()).isEqualTo(GatewayError.THROTTLED);
    assertThat(rejection.detail()).contains("per-address").doesNotContain("all");
    assertThat(rejection.headers())
        .containsExactly(
            new Rejection.Header("Retry-After", "6"),
            new Rejection.Header("RateLimit-Policy", "\"per-address\";q=8;w=60, \"all\";q=8;w=60"),
            new Rejection.Header("RateLimit", "\"per-address\";r=0;t=6"));
    assertThat(count("weir.throttle.decisions", "limit", "per-address", "outcome", "refused"))
        .isEqualTo(1);
    assertThat(decide(enforcer, from("192.0.2.2", route)))
        .as("what was refused took nothing from the other tier, and nobody else's")
        .isEqualTo(Verdict.PROCEED);
  }

  private static Exchange sending(String method, Route route) {
    Exchange exchange = Requests.sending(method, "192.0.2.1");
    exchange.bind(route, 0);
    return exchange;
  }

  @Test
  void aRequestTakesWhatItsMethodCostsOnItsRoute() {
    Limit limit = limit("budget", Limit.Key.ADDRESS, 10, OnRedisLoss.OPEN);
    Route byMethod =
        Requests.route("by-method", OPEN, limit.withCost(new Cost(1, Map.of("POST", 4))));
    Route dear = Requests.route("dear", OPEN, limit.withCost(new Cost(5, Map.of())));
    Enforcer first = stage.sharedBuckets(byMethod).orElseThrow();
    Enforcer second = stage.sharedBuckets(dear).orElseThrow();

    assertThat(decide(first, sending("GET", byMethod))).isEqualTo(Verdict.PROCEED);
    assertThat(decide(first, sending("POST", byMethod))).isEqualTo(Verdict.PROCEED);
    assertThat(decide(second, sending("GET", dear))).isEqualTo(Verdict.PROCEED);
    Rejection rejection = Requests.rejection(first.enforce(sending("POST", byMethod)));

    assertThat(store.draws.stream().map(draws -> draws.getFirst().need()))
        .containsExactly(1, 4, 5, 4);
    assertThat(store.draws.stream().map(draws -> draws.getFirst().tier().key()).distinct())
        .as("one bucket")
        .hasSize(1);
    // 8 a minute: four tokens take 30 s.
    assertThat(rejection.headers())
        .contains(
            new Rejection.Header("Retry-After", "30"),
            new Rejection.Header("RateLimit", "\"budget\";r=0;t=30"));
    assertThat(count("weir.throttle.decisions", "limit", "budget", "outcome", "allowed"))
        .as("requests, not tokens")
        .isEqualTo(3);
  }

  @Test
  void weighsInTheGuardAndWithoutTheStoreToo() {
    Limit limit =
        limit("budget", Limit.Key.ADDRESS, 8, OnRedisLoss.LOCAL)
            .withCost(new Cost(1, Map.of("POST", 3)));
    Route route = Requests.route("orders", JWT, limit);
    Enforcer guard = stage.addressGuard(route).orElseThrow();
    assertThat(guard.enforce(sending("POST", route))).isEqualTo(Verdict.PROCEED);
    assertThat(guard.enforce(sending("POST", route))).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(guard.enforce(sending("POST", route))).error())
        .isEqualTo(GatewayError.THROTTLED);
    assertThat(guard.enforce(sending("GET", route))).isEqualTo(Verdict.PROCEED);

    store.goDown();
    // A quarter of 8 is 2, but the dearest request costs 3.
    Enforcer shared = stage.sharedBuckets(route).orElseThrow();
    assertThat(decide(shared, sending("POST", route))).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(shared.enforce(sending("GET", route))).error())
        .isEqualTo(GatewayError.THROTTLED);
  }

  @Test
  void tellsOlderClientsOfTheLimitThatHindersMost() {
    Route route =
        Requests.route(
            "orders",
            OPEN,
            limit("wide", Limit.Key.ROUTE, 9, OnRedisLoss.OPEN).withLegacyFields(),
            limit("narrow", Limit.Key.ADDRESS, 2, OnRedisLoss.OPEN).withLegacyFields(),
            limit("silent", Limit.Key.CALLER, 2, OnRedisLoss.OPEN));
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    Exchange exchange = from("192.0.2.1", route);
    decide(enforcer, exchange);

    assertThat(exchange.responseHeaders().subList(2, 5))
        .containsExactly(
            new Rejection.Header("X-RateLimit-Limit", "2"),
            new Rejection.Header("X-RateLimit-Remaining", "1"),
            new Rejection.Header("X-RateLimit-Reset", "8"));
    decide(enforcer, from("192.0.2.1", route));
    millis.addAndGet(2_400);
    assertThat(Requests.rejection(enforcer.enforce(from("192.0.2.1", route))).headers())
        .contains(
            new Rejection.Header("Retry-After", "6"),
            new Rejection.Header("X-RateLimit-Limit", "2"),
            new Rejection.Header("X-RateLimit-Remaining", "0"),
            new Rejection.Header("X-RateLimit-Reset", "6"));
  }

  @Test
  void namesBucketsWithoutNamingAnyone() {
    Route route =
        Requests.route(
            "orders",
            JWT,
            limit("per-address", Limit.Key.ADDRESS, 9, OnRedisLoss.OPEN),
            limit("per-caller", Limit.Key.CALLER, 9, OnRedisLoss.OPEN),
            limit("x".repeat(300), Limit.Key.TOKEN, 9, OnRedisLoss.OPEN));
    Exchange exchange = from("2001:db8:1:2:aaaa::1", route);
    exchange.identify(new Caller("alice@example.com", "s", "secret", Set.of(), Set.of()));
    decide(stage.sharedBuckets(route).orElseThrow(), exchange);
    List<Tier> first = store.tiers(0);
    assertThat(first)
        .allSatisfy(
            tier ->
                assertThat(tier.key())
                    .startsWith("weir:{tb}:")
                    .hasSizeLessThanOrEqualTo(120)
                    .doesNotContain("alice", "secret", "2001"));

    Exchange neighbour = from("2001:db8:1:2:bbbb::2", route);
    neighbour.identify(new Caller("bob", "s", "other", Set.of(), Set.of()));
    decide(stage.sharedBuckets(route).orElseThrow(), neighbour);
    List<Tier> second = store.tiers(1);
    assertThat(second.getFirst()).as("one /64, one bucket").isEqualTo(first.getFirst());
    assertThat(second.get(1)).isNotEqualTo(first.get(1));
    assertThat(second.get(2)).isNotEqualTo(first.get(2));
  }

  @Test
  void guardsOnlyRoutesThatCheckTokensAndWithoutTheStore() {
    Limit byAddress = limit("per-address", Limit.Key.ADDRESS, 2, OnRedisLoss.OPEN);
    assertThat(stage.addressGuard(Requests.route("open", OPEN, byAddress))).isEmpty();
    Limit byCaller = limit("per-caller", Limit.Key.CALLER, 2, OnRedisLoss.OPEN);
    assertThat(stage.addressGuard(Requests.route("orders", JWT, byCaller))).isEmpty();
    Route route = Requests.route("orders", JWT, byAddress, byCaller);
    Enforcer guard = stage.addressGuard(route).orElseThrow();

    assertThat(guard.enforce(from("192.0.2.1", route))).isEqualTo(Verdict.PROCEED);
    assertThat(guard.enforce(from("192.0.2.1", route))).isEqualTo(Verdict.PROCEED);
    Rejection rejection = Requests.rejection(guard.enforce(from("192.0.2.1", route)));
    assertThat(rejection.headers())
        .containsExactly(
            new Rejection.Header("Retry-After", "8"),
            new Rejection.Header("RateLimit-Policy", "\"per-address\";q=8;w=60"),
            new Rejection.Header("RateLimit", "\"per-address\";r=0;t=8"));
    assertThat(guard.enforce(from("192.0.2.2", route))).isEqualTo(Verdict.PROCEED);
    assertThat(store.draws).isEmpty();
  }

  @Test
  void keepsItsMemoryWithinTheBound() {
    LocalBuckets buckets = new LocalBuckets(100, millis::get);
    for (int i = 0; i < 5000; i++) {
      buckets.take(new Tier("key-" + i, new BucketShape(1, 1, 1)), 1);
    }
    assertThat(buckets.size()).isLessThanOrEqualTo(100);
  }

  private Route lossy() {
    return Requests.route(
        "lossy",
        OPEN,
        limit("open", Limit.Key.ROUTE, 100, OnRedisLoss.OPEN),
        limit("local", Limit.Key.ADDRESS, 8, OnRedisLoss.LOCAL));
  }

  @Test
  void opensAfterThreeFailuresAndFromThenOnAsksNobody() {
    Route route = lossy();
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    store.goDown();
    for (int i = 0; i < 3; i++) {
      assertThat(stage.storeIsUp()).isTrue();
      decide(enforcer, from("192.0.2." + i, route));
    }
    assertThat(stage.storeIsUp()).isFalse();
    assertThat(meters.get("weir.redis.up").gauge().value()).isZero();

    Verdict verdict = enforcer.enforce(from("192.0.2.9", route));

    assertThat(verdict).as("at once").isEqualTo(Verdict.PROCEED);
    assertThat(store.draws).hasSize(3);
    assertThat(log.list).hasSize(1);
    assertThat(count("weir.throttle.fallback", "limit", "open", "mode", "open")).isEqualTo(4);
    assertThat(count("weir.throttle.fallback", "limit", "local", "mode", "local")).isEqualTo(4);
  }

  @Test
  void admitsItsShareLocally() {
    Route route = lossy();
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    store.goDown();
    // A quarter of the burst of 8, then a quarter of 8 a minute.
    assertThat(decide(enforcer, from("192.0.2.1", route))).isEqualTo(Verdict.PROCEED);
    assertThat(decide(enforcer, from("192.0.2.1", route))).isEqualTo(Verdict.PROCEED);
    Rejection rejection = Requests.rejection(enforcer.enforce(from("192.0.2.1", route)));
    assertThat(rejection.error()).isEqualTo(GatewayError.THROTTLED);
    assertThat(rejection.headers()).contains(new Rejection.Header("Retry-After", "30"));
    millis.addAndGet(30_000);
    assertThat(decide(enforcer, from("192.0.2.1", route))).isEqualTo(Verdict.PROCEED);
  }

  @Test
  void failsClosedWithA503WhereOneLimitSaysSo() {
    Route route =
        Requests.route(
            "closed",
            OPEN,
            limit("open", Limit.Key.ROUTE, 9, OnRedisLoss.OPEN),
            limit("closed", Limit.Key.ADDRESS, 9, OnRedisLoss.CLOSED));
    store.goDown();
    Rejection rejection =
        Requests.rejection(
            stage.sharedBuckets(route).orElseThrow().enforce(from("192.0.2.1", route)));
    assertThat(rejection.error()).isEqualTo(GatewayError.THROTTLE_UNAVAILABLE);
    assertThat(rejection.headers()).containsExactly(new Rejection.Header("Retry-After", "1"));
  }

  @Test
  void aProbeNotARequestNoticesThatTheStoreIsBack() {
    Route route = lossy();
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    store.goDown();
    for (int i = 0; i < 3; i++) {
      decide(enforcer, from("192.0.2.1", route));
    }
    time.advanceTimeBy(Duration.ofSeconds(10));
    assertThat(stage.storeIsUp()).isFalse();
    int probes = store.probes.get();
    assertThat(probes).as("each 200 to 400 ms").isBetween(25, 50);

    store.comeBack();
    time.advanceTimeBy(Duration.ofMillis(800));

    assertThat(stage.storeIsUp()).isTrue();
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "redis is lost, every limit does its on-redis-loss",
            "redis is back, limits are shared again");
    time.advanceTimeBy(Duration.ofSeconds(10));
    assertThat(store.probes.get()).as("no probing while all is well").isEqualTo(probes + 2);
  }

  @Test
  void anOutageAddsNothingToALimitThatIsKeptLocally() {
    Limit limit = new Limit("all", Limit.Key.ROUTE, 8, Duration.ofSeconds(1), 8, OnRedisLoss.LOCAL);
    Route route = Requests.route("local", OPEN, limit);
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    int passed = 0;
    long started = millis.get();
    passed += ask(enforcer, route, 20);
    store.goDown();
    for (int step = 0; step < 60; step++) {
      passed += ask(enforcer, route, 5);
      millis.addAndGet(50);
      time.advanceTimeBy(Duration.ofMillis(50));
    }
    assertThat(stage.storeIsUp()).isFalse();
    store.comeBack();
    // For two seconds more its share is all it lets pass: others may not be back.
    for (int step = 0; step < 120; step++) {
      passed += ask(enforcer, route, 5);
      millis.addAndGet(50);
      time.advanceTimeBy(Duration.ofMillis(50));
    }
    assertThat(stage.storeIsUp()).isTrue();
    long ceiling = 8 + (millis.get() - started) * 8 / 1000;
    assertThat(passed).isBetween((int) ceiling / 2, (int) ceiling);
  }

  @Test
  void instancesThatAreBackAtDifferentTimesStayBelowALocalLimitTogether() {
    BucketShape ideal = BucketShape.of(hundred());
    Pair pair = new Pair();
    pair.run(100, 3);
    pair.failOnce(pair.late);
    pair.run(100, 3);
    pair.early.goDown();
    pair.late.goDown();
    pair.run(150, 3);
    pair.early.comeBack();
    pair.run(100, 3);
    assertThat(pair.one.storeIsUp()).isTrue();
    assertThat(pair.other.storeIsUp()).as("it is the last to find it").isFalse();
    pair.late.comeBack();
    pair.run(400, 3);
    assertThat(pair.other.storeIsUp()).isTrue();

    BucketShape.Level level = ideal.full(0);
    int passed = 0;
    for (int step = 0; step < pair.passed.size(); step++) {
      level = ideal.taken(ideal.refilled(level, step * 10L), pair.passed.get(step));
      assertThat(level.credit()).as("after %d ms", step * 10).isNotNegative();
      passed += pair.passed.get(step);
    }
    assertThat(passed).isGreaterThan(600);

    // From then on one of them may have it all again.
    pair.passed.clear();
    pair.other.close();
    pair.run(200, 3);
    assertThat(pair.passed.stream().mapToInt(Integer::intValue).sum()).isGreaterThan(150);
  }

  private static Limit hundred() {
    return new Limit("all", Limit.Key.ROUTE, 100, Duration.ofSeconds(1), 100, OnRedisLoss.LOCAL);
  }

  /** Two instances with a way each to the same buckets. */
  private final class Pair {
    private final ModelBuckets buckets = new ModelBuckets();
    private final FakeStore early = new FakeStore("one", buckets, millis::get);
    private final FakeStore late = new FakeStore("other", buckets, millis::get);
    private final ThrottleStage one = instance(early);
    private final ThrottleStage other = instance(late);
    private final Route route = Requests.route("local", OPEN, hundred());
    private final List<Enforcer> enforcers =
        List.of(one.sharedBuckets(route).orElseThrow(), other.sharedBuckets(route).orElseThrow());
    private final List<Integer> passed = new ArrayList<>();

    private ThrottleStage instance(FakeStore way) {
      return new ThrottleStage(way, 2, new SimpleMeterRegistry(), millis::get, time, 1000);
    }

    /** One call fails, and its request is decided by the share. */
    void failOnce(FakeStore way) {
      int calls = way.draws.size();
      way.goDown();
      while (way.draws.size() == calls) {
        run(1, 1);
      }
      way.comeBack();
    }

    /** So many steps of ten milliseconds, in each of which each is asked so often. */
    void run(int steps, int times) {
      for (int step = 0; step < steps; step++) {
        passed.add(enforcers.stream().mapToInt(each -> ask(each, route, times)).sum());
        millis.addAndGet(10);
        time.advanceTimeBy(Duration.ofMillis(10));
      }
    }
  }

  private static int ask(Enforcer enforcer, Route route, int times) {
    int passed = 0;
    for (int i = 0; i < times; i++) {
      passed += decide(enforcer, from("192.0.2.1", route)).equals(Verdict.PROCEED) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void scatteredFailuresDoNotOpen() {
    Route route = lossy();
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    for (int i = 0; i < 20; i++) {
      store.goDown();
      decide(enforcer, from("192.0.2.1", route));
      decide(enforcer, from("192.0.2.1", route));
      store.comeBack();
      decide(enforcer, from("192.0.2.1", route));
    }
    assertThat(stage.storeIsUp()).isTrue();
    assertThat(log.list).isEmpty();
  }
}
