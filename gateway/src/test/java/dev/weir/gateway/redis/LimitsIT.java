package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.throttle.ThrottleStage;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a limit can be told, by two gateways on one real Redis. */
class LimitsIT {
  private static RedisServers server;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;
  private static Gateway one;
  private static Gateway two;

  private static final class Gateway {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RedisLink link =
        new RedisLink(
            RedisSettings.standalone(server.uri(), Duration.ofSeconds(2)),
            "a:local:",
            new RevocationSet(InstantSource.system(), meters),
            meters);
    final ThrottleStage stage = new ThrottleStage(link.buckets(), 2, meters);

    boolean answers() {
      return link.buckets()
          .probe()
          .toCompletableFuture()
          .handle((done, failure) -> failure == null)
          .join();
    }

    boolean passes(Route route, Exchange exchange) throws Exception {
      exchange.bind(route, 0);
      Verdict verdict = stage.sharedBuckets(route).orElseThrow().enforce(exchange);
      return Requests.settle(verdict).get(5, TimeUnit.SECONDS).equals(Verdict.PROCEED);
    }

    double decisions(String limit, String outcome) {
      return meters.counter("weir.throttle.decisions", "limit", limit, "outcome", outcome).count();
    }

    void close() {
      stage.close();
      link.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = new RedisServers();
    server.start();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
    one = new Gateway();
    two = new Gateway();
    await().until(() -> one.answers() && two.answers());
  }

  @AfterAll
  static void stop() throws Exception {
    one.close();
    two.close();
    client.shutdown();
    server.close();
  }

  private static Route route(Limit limit) {
    return Requests.route("orders", new Authentication.Open(), limit);
  }

  @Test
  void anApiKeyIsABucketOfItsOwnAndRedisHoldsNoneOfIt() throws Exception {
    Limit.Key byField = Limit.Key.of(new KeyPart.Header("x-api-key"), KeyPart.Plain.ROUTE);
    Route route =
        route(new Limit("keys", byField, 1, Duration.ofHours(1), 2, Limit.OnRedisLoss.CLOSED));

    assertThat(one.passes(route, withKey("secret-one"))).isTrue();
    assertThat(two.passes(route, withKey("secret-one"))).isTrue();
    assertThat(one.passes(route, withKey("secret-one"))).isFalse();
    assertThat(one.passes(route, withKey("secret-two"))).isTrue();

    List<String> names = redis.keys("weir:{tb}:4:keys:*");
    assertThat(names).hasSize(2).noneMatch(name -> name.contains("secret"));
    assertThat(names).allSatisfy(name -> assertThat(redis.hkeys(name)).contains("c", "t"));
  }

  private static Exchange withKey(String key) {
    return Requests.from("192.0.2.1", "", "X-Api-Key", key);
  }

  @Test
  void requestsOfDifferentWeightShareOneCeilingExactly() throws Exception {
    long perSecond = 40;
    long burst = 800;
    Limit limit =
        new Limit(
                "weights",
                Limit.Key.ROUTE,
                perSecond,
                Duration.ofSeconds(1),
                burst,
                Limit.OnRedisLoss.CLOSED)
            .withCost(new Cost(1, Map.of("POST", 40)));
    AtomicLong tokens = new AtomicLong();
    AtomicLong heavy = new AtomicLong();
    long started = System.nanoTime();
    CompletableFuture<?>[] runs = {
      CompletableFuture.runAsync(() -> hammer(one, route(limit), tokens, heavy)),
      CompletableFuture.runAsync(() -> hammer(two, route(limit), tokens, heavy))
    };
    CompletableFuture.allOf(runs).get(60, TimeUnit.SECONDS);
    long ceiling = burst + (System.nanoTime() - started) * perSecond / 1_000_000_000 + 1;

    // Of 3600 tokens asked for.
    assertThat(tokens.get()).isBetween(burst / 2, ceiling);
    assertThat(heavy.get()).as("heavy ones get through").isPositive();
    assertThat(one.meters.counter("weir.throttle.lease.tokens", "outcome", "leased").count())
        .isPositive();
  }

  /** One in fifty is a POST. */
  private static void hammer(Gateway gateway, Route route, AtomicLong tokens, AtomicLong heavy) {
    try {
      for (int i = 0; i < 1000; i++) {
        boolean post = i % 50 == 0;
        if (gateway.passes(route, Requests.sending(post ? "POST" : "GET", "192.0.2.1"))) {
          tokens.addAndGet(post ? 40 : 1);
          heavy.addAndGet(post ? 1 : 0);
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReportedCostIsTakenFromTheBucketThatAllShareAndIsOwed() throws Exception {
    Route route =
        route(
            new Limit(
                    "units", Limit.Key.ROUTE, 1, Duration.ofHours(1), 10, Limit.OnRedisLoss.CLOSED)
                .withCost(new Cost(1, Map.of(), Optional.of("x-cost"))));
    Exchange first = Requests.from("192.0.2.1", "");
    assertThat(one.passes(route, first)).isTrue();
    first.answered(new DefaultHttpHeaders().add("X-Cost", "14"));
    String bucket = redis.keys("weir:{tb}:4:units:*").getFirst();
    // A token is 3,600,000 shares of a thousandth each.
    await()
        .until(
            () -> Math.round(Double.parseDouble(redis.hget(bucket, "c")) / 3_600_000_000.0) == -4);
    assertThat(two.passes(route, Requests.from("192.0.2.1", ""))).isFalse();
  }

  @Test
  void aMonthsQuotaAndAShortBucketAreDrawnTogetherOrNotAtAll() throws Exception {
    Limit month =
        new Limit("month", Limit.Key.ROUTE, 1000, Duration.ofDays(31), 7, Limit.OnRedisLoss.CLOSED);
    Limit brief =
        new Limit("brief", Limit.Key.ROUTE, 1, Duration.ofHours(1), 5, Limit.OnRedisLoss.CLOSED);
    Route both = Requests.route("orders", new Authentication.Open(), month, brief);
    int passed = 0;
    for (int i = 0; i < 10; i++) {
      passed += one.passes(both, Requests.from("192.0.2.1", "")) ? 1 : 0;
      passed += two.passes(both, Requests.from("192.0.2.1", "")) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(5);
    int left = 0;
    for (int i = 0; i < 10; i++) {
      left += two.passes(route(month), Requests.from("192.0.2.1", "")) ? 1 : 0;
    }
    assertThat(left).as("what the short one refused is still there").isEqualTo(2);
    String bucket = redis.keys("weir:{tb}:4:month:*").getFirst();
    assertThat(Duration.ofMillis(redis.pttl(bucket))).isGreaterThan(Duration.ofHours(5));
  }

  @Test
  void aShadowIsSharedAndCountedAndRefusesNobody() throws Exception {
    Limit limit =
        new Limit("tried", Limit.Key.ROUTE, 1, Duration.ofHours(1), 5, Limit.OnRedisLoss.CLOSED)
            .inMode(Limit.Mode.SHADOW);
    for (int i = 0; i < 6; i++) {
      assertThat(one.passes(route(limit), Requests.from("192.0.2.1", ""))).isTrue();
      assertThat(two.passes(route(limit), Requests.from("192.0.2.1", ""))).isTrue();
    }
    await().until(() -> shadows("shadow_allowed") + shadows("shadow_refused") == 12);
    assertThat(shadows("shadow_allowed")).as("one bucket for both").isEqualTo(5);
  }

  private static double shadows(String outcome) {
    return one.decisions("tried", outcome) + two.decisions("tried", outcome);
  }
}
