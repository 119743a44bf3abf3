package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.throttle.ThrottleStage;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three gateways on one real Redis. */
class LeasesIT {
  private static final Logger LOG = LoggerFactory.getLogger(LeasesIT.class);
  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)");
  private static final long PER_SECOND = 1000;
  private static final long BURST = 500;

  private final List<Gateway> fleet = new ArrayList<>();
  private RedisServers server;
  private RedisClient client;
  private RedisCommands<String, String> redis;

  /** One process's worth: a link, a stage, meters of its own. */
  private final class Gateway {
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RedisLink link =
        new RedisLink(
            RedisSettings.standalone(server.uri(), Duration.ofMillis(500)),
            "a:local:",
            new RevocationSet(InstantSource.system(), meters),
            meters);
    final ThrottleStage stage = new ThrottleStage(link.buckets(), 3, meters);

    void close() {
      stage.close();
      link.close();
    }

    double tokens(String outcome) {
      return meters.counter("weir.throttle.lease.tokens", "outcome", outcome).count();
    }
  }

  @BeforeEach
  void start() throws Exception {
    server = new RedisServers();
    server.start();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
    for (int i = 0; i < 3; i++) {
      fleet.add(new Gateway());
    }
    await().until(() -> fleet.stream().allMatch(gateway -> answers(gateway.link)));
  }

  private static boolean answers(RedisLink link) {
    return link.buckets()
        .probe()
        .toCompletableFuture()
        .handle((done, failure) -> failure == null)
        .join();
  }

  @AfterEach
  void stop() throws Exception {
    fleet.forEach(Gateway::close);
    client.shutdown();
    server.close();
  }

  private static Route route(String name, long perSecond, long burst) {
    return Requests.route(
        "orders",
        new Authentication.Open(),
        new Limit(
            name,
            Limit.Key.ROUTE,
            perSecond,
            Duration.ofSeconds(1),
            burst,
            Limit.OnRedisLoss.CLOSED));
  }

  /** What became of some requests. */
  private static final class Tally {
    final AtomicLong asked = new AtomicLong();
    final AtomicLong passed = new AtomicLong();
    final AtomicLong waited = new AtomicLong();

    void ask(Enforcer enforcer, Route route) throws Exception {
      Exchange exchange = Requests.from("192.0.2.1", "");
      exchange.bind(route, 0);
      Verdict verdict = enforcer.enforce(exchange);
      asked.incrementAndGet();
      if (verdict instanceof Verdict.Await) {
        waited.incrementAndGet();
      }
      if (Requests.settle(verdict).get(5, TimeUnit.SECONDS).equals(Verdict.PROCEED)) {
        passed.incrementAndGet();
      }
    }
  }

  private static void hammer(Gateway gateway, Route route, Tally tally, long untilNanos) {
    Enforcer enforcer = gateway.stage.sharedBuckets(route).orElseThrow();
    try {
      while (System.nanoTime() < untilNanos) {
        tally.ask(enforcer, route);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private long scriptCalls() {
    return SCRIPTS
        .matcher(redis.info("commandstats"))
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .sum();
  }

  @Test
  void threeGatewaysShareOneHotKeyExactlyAndForFewCalls() throws Exception {
    for (Gateway gateway : fleet) {
      drainOf(gateway, route("warm", 100_000, 100_000), 3000);
    }
    Route route = route("hot", PER_SECOND, BURST);
    Tally tally = new Tally();
    long callsBefore = scriptCalls();
    long started = System.nanoTime();
    long until = started + Duration.ofMillis(2500).toNanos();
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    for (Gateway gateway : fleet) {
      runs.add(CompletableFuture.runAsync(() -> hammer(gateway, route, tally, until)));
    }
    // Once the burst is gone, what passes is what flows in.
    await().pollInterval(Duration.ofMillis(5)).until(() -> tally.passed.get() > BURST + 100);
    long burstOver = System.nanoTime();
    long passedByThen = tally.passed.get();
    CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    long ended = System.nanoTime();
    long calls = scriptCalls() - callsBefore;
    long ceiling = BURST + (ended - started) * PER_SECOND / 1_000_000_000 + 1;
    long inflow = (ended - burstOver) * PER_SECOND / 1_000_000_000;
    String figures =
        "asked %d, passed %d of %d at most, %d of %d that flowed in, waited %d, calls %d"
            .formatted(
                tally.asked.get(),
                tally.passed.get(),
                ceiling,
                tally.passed.get() - passedByThen,
                inflow,
                tally.waited.get(),
                calls);

    assertThat(tally.passed.get()).as(figures).isLessThanOrEqualTo(ceiling);
    assertThat(tally.passed.get() - passedByThen)
        .as(figures)
        .isGreaterThanOrEqualTo(inflow * 95 / 100);
    assertThat(calls * 1000).as(figures).isLessThan(20 * tally.asked.get());
    assertThat(tally.waited.get() * 20).as(figures).isLessThan(tally.asked.get());
    LOG.atInfo().log(figures);
  }

  /** Takes until nothing is left; the limit brings so little that time does not count. */
  private static long drainOf(Gateway gateway, Route route, int requests) throws Exception {
    Tally tally = new Tally();
    Enforcer enforcer = gateway.stage.sharedBuckets(route).orElseThrow();
    for (int i = 0; i < requests; i++) {
      tally.ask(enforcer, route);
    }
    return tally.passed.get();
  }

  private long tokensLeased() {
    return (long) fleet.stream().mapToDouble(gateway -> gateway.tokens("leased")).sum();
  }

  @Test
  void aGatewayThatDrainsReturnsWhatItLeased() throws Exception {
    // 40 a second leases up to 10; what flows in is bounded by the burst, which is not reached.
    Route route = route("drained", 40, 400);
    Gateway leaving = fleet.removeFirst();
    drainOf(leaving, route, 12);
    assertThat(leaving.tokens("leased")).isPositive();
    leaving.close();
    double lost = leaving.tokens("expired");
    assertThat(lost).isZero();
    String key = redis.keys("weir:{tb}:4:drained:*").getFirst();
    assertThat(redis.hkeys(key)).as("no lease is outstanding").containsExactlyInAnyOrder("c", "t");
  }

  @Test
  void aLeaseThatIsNotUsedGoesHomeBeforeItExpires() throws Exception {
    Route route = route("idle", 40, 400);
    drainOf(fleet.getFirst(), route, 12);
    assertThat(tokensLeased()).isPositive();
    Gateway gateway = fleet.getFirst();
    await().atMost(Duration.ofSeconds(3)).until(() -> gateway.tokens("returned") > 0);
    String key = redis.keys("weir:{tb}:4:idle:*").getFirst();
    // Not all of it goes at once where demand is not quite over.
    await().untilAsserted(() -> assertThat(redis.hkeys(key)).containsExactlyInAnyOrder("c", "t"));
    assertThat(gateway.tokens("expired")).isZero();
  }

  @Test
  void aServerThatForgotTheScriptIsTaughtItUnderWay() throws Exception {
    Route route = route("flushed", 1000, 1000);
    drainOf(fleet.getFirst(), route, 50);
    redis.scriptFlush();
    assertThat(drainOf(fleet.getFirst(), route, 300)).isEqualTo(300);
    assertThat(fleet.getFirst().stage.storeIsUp()).isTrue();
  }

  @Test
  void aServerThatLostItsDataDoesNotCountLeasesTwice() throws Exception {
    Route route = route("lost", 40, 400);
    drainOf(fleet.getFirst(), route, 30);
    redis.flushall();
    long again = 0;
    for (Gateway gateway : fleet) {
      again += drainOf(gateway, route, 250);
    }
    // A full bucket, what was leased when it was lost, and what flows in during a second or so.
    assertThat(again).isBetween(400L, 400L + 10 + 80);
  }

  @Test
  void aRestartOfTheServerEndsInSharedLimitsAgain() throws Exception {
    Route route = route("restarted", 100, 400);
    drainOf(fleet.getFirst(), route, 50);
    server.stop();
    Enforcer enforcer = fleet.getFirst().stage.sharedBuckets(route).orElseThrow();
    await()
        .atMost(Duration.ofSeconds(8))
        .until(
            () -> {
              new Tally().ask(enforcer, route);
              return !fleet.getFirst().stage.storeIsUp();
            });
    server.restart();
    await().atMost(Duration.ofSeconds(8)).until(fleet.getFirst().stage::storeIsUp);
    assertThat(drainOf(fleet.getFirst(), route, 10)).isEqualTo(10);
  }
}
