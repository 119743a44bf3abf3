package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Limit.OnRedisLoss;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.Drawn;
import dev.weir.gateway.throttle.StoreFailure;
import dev.weir.gateway.throttle.ThrottleStage;
import dev.weir.gateway.throttle.Tier;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of requests when a real Redis goes away, hangs, was never there, comes back. */
class RedisLossIT {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.weir.gateway.throttle");
  private RedisServers server;
  private RedisLink link;
  private ThrottleStage stage;

  @BeforeEach
  void make() throws Exception {
    server = new RedisServers();
    log.start();
    logger.addAppender(log);
    link =
        new RedisLink(
            RedisSettings.standalone(server.uri(), Duration.ofMillis(50)),
            "a:local:",
            new RevocationSet(InstantSource.system(), meters),
            meters);
    stage = new ThrottleStage(link.buckets(), 1, meters);
  }

  @AfterEach
  void close() throws Exception {
    logger.detachAppender(log);
    stage.close();
    link.close();
    server.close();
  }

  private static Route route(OnRedisLoss mode) {
    Limit limit = new Limit("per-address", Limit.Key.ADDRESS, 1, Duration.ofHours(1), 2, mode);
    return Requests.route("orders", new Authentication.Open(), limit);
  }

  private Verdict decide(OnRedisLoss mode, String address) throws Exception {
    Route route = route(mode);
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    Exchange exchange = Requests.from(address, "");
    exchange.bind(route, 0);
    return Requests.settle(enforcer.enforce(exchange)).get(5, TimeUnit.SECONDS);
  }

  private long lines(Level level) {
    return log.list.stream().filter(event -> event.getLevel().equals(level)).count();
  }

  /** Asks until the breaker is as it should be, with an address of its own each time. */
  private void askUntil(boolean up) {
    int[] asked = {0};
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(8))
        .until(
            () -> {
              asked[0]++;
              decide(OnRedisLoss.OPEN, "198.51.100." + asked[0] % 250);
              return stage.storeIsUp() == up;
            });
  }

  @Test
  void eachLimitDoesItsModeWhileRedisIsKilledAndSharesAgainOnceItIsBack() throws Exception {
    server.start();
    await().until(() -> decide(OnRedisLoss.OPEN, "192.0.2.99").equals(Verdict.PROCEED));
    askUntil(true);
    log.list.clear();
    assertThat(decide(OnRedisLoss.LOCAL, "192.0.2.1")).isEqualTo(Verdict.PROCEED);
    assertThat(decide(OnRedisLoss.LOCAL, "192.0.2.1")).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(decide(OnRedisLoss.LOCAL, "192.0.2.1")).error())
        .isEqualTo(GatewayError.THROTTLED);

    server.stop();
    askUntil(false);

    for (int i = 0; i < 5; i++) {
      assertThat(decide(OnRedisLoss.OPEN, "192.0.2.2")).isEqualTo(Verdict.PROCEED);
    }
    assertThat(Requests.rejection(decide(OnRedisLoss.CLOSED, "192.0.2.3")).error())
        .isEqualTo(GatewayError.THROTTLE_UNAVAILABLE);
    assertThat(decide(OnRedisLoss.LOCAL, "192.0.2.4")).isEqualTo(Verdict.PROCEED);
    assertThat(decide(OnRedisLoss.LOCAL, "192.0.2.4")).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(decide(OnRedisLoss.LOCAL, "192.0.2.4")).error())
        .isEqualTo(GatewayError.THROTTLED);
    assertThat(lines(Level.WARN)).isEqualTo(1);

    server.restart();
    await().atMost(Duration.ofSeconds(5)).until(stage::storeIsUp);
    assertThat(lines(Level.INFO)).isEqualTo(1);
    assertThat(log.list).hasSize(2);
    assertThat(meters.get("weir.redis.up").gauge().value()).isEqualTo(1);
    assertThat(decide(OnRedisLoss.CLOSED, "192.0.2.3")).isEqualTo(Verdict.PROCEED);
  }

  @Test
  void startsWithoutRedisAndFindsItLater() throws Exception {
    askUntil(false);
    assertThat(decide(OnRedisLoss.OPEN, "192.0.2.1")).isEqualTo(Verdict.PROCEED);
    server.start();
    await().atMost(Duration.ofSeconds(5)).until(stage::storeIsUp);
    assertThat(lines(Level.WARN)).isEqualTo(1);
  }

  @Test
  void aRedisThatHangsCostsARequestNoMoreThanTheTimeout() throws Exception {
    server.start();
    await().until(() -> decide(OnRedisLoss.OPEN, "192.0.2.99").equals(Verdict.PROCEED));
    askUntil(true);
    log.list.clear();
    RedisClient admin = RedisClient.create(server.uri());
    try {
      admin.connect().sync().clientPause(2000);
      long started = System.nanoTime();
      assertThat(decide(OnRedisLoss.OPEN, "192.0.2.1")).isEqualTo(Verdict.PROCEED);
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(500));
      askUntil(false);
      started = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        decide(OnRedisLoss.OPEN, "192.0.2.1");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(500));
      await().atMost(Duration.ofSeconds(6)).until(stage::storeIsUp);
      assertThat(lines(Level.WARN)).isEqualTo(1);
    } finally {
      admin.shutdown();
    }
  }

  /** Two queues of 10,000 stand one behind the other: not yet written, and not yet answered. */
  @Test
  void takesNoMoreDrawsThanItsQueuesHoldWhileRedisHangs() throws Exception {
    server.start();
    RedisClient admin = RedisClient.create(server.uri());
    RevocationSet revocations = new RevocationSet(InstantSource.system(), meters);
    String uri = server.uri();
    try (RedisLink patient =
        new RedisLink(
            RedisSettings.standalone(uri, Duration.ofSeconds(9)),
            "b:",
            revocations,
            new SimpleMeterRegistry())) {
      List<Draw> asked =
          List.of(Draw.one(new Tier("weir:{tb}:queue", new BucketShape(1, 1, 100_000))));
      await().until(() -> !patient.buckets().draw(asked).toCompletableFuture().isDone());
      admin.connect().sync().clientPause(1500);
      List<CompletableFuture<List<Drawn>>> draws = new ArrayList<>();
      for (int i = 0; i < 25_000; i++) {
        draws.add(patient.buckets().draw(asked).toCompletableFuture());
      }
      await().atMost(Duration.ofSeconds(8)).until(() -> draws.stream().allMatch(Future::isDone));
      assertThat(draws.stream().filter(CompletableFuture::isCompletedExceptionally))
          .hasSizeGreaterThanOrEqualTo(5_000)
          .allMatch(draw -> failedAs(draw, StoreFailure.Kind.UNREACHABLE));
    } finally {
      admin.shutdown();
    }
  }

  private static boolean failedAs(Future<?> draw, StoreFailure.Kind kind) {
    return draw.exceptionNow() instanceof StoreFailure failure && failure.kind() == kind;
  }
}
