package dev.weir.gateway.redis;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.ThrottleStage;
import dev.weir.gateway.throttle.Tier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;

/**
 * Shows how many draws a second one connection carries, with 64 under way at a time, for one tier
 * and for four; and how many decisions a second one thread makes on keys in demand, by one limit
 * and by two, and for how many calls. Run by hand: timings have no place among tests.
 */
final class BucketsBench {
  private static final int DRAWS = 100_000;
  private static final int DECISIONS = 1_000_000;
  private static final int UNDER_WAY = 64;

  private BucketsBench() {}

  public static void main(String[] args) throws Exception {
    var meters = new SimpleMeterRegistry();
    try (RedisServers server = new RedisServers()) {
      server.start();
      try (RedisLink link =
          new RedisLink(
              RedisSettings.standalone(server.uri(), Duration.ofSeconds(5)),
              "a:local:",
              new RevocationSet(InstantSource.system(), meters),
              meters)) {
        while (!link.revocationsFollowed()) {
          Thread.onSpinWait();
        }
        for (int tiers : new int[] {1, 4}) {
          for (int round = 0; round < 4; round++) {
            System.out.printf(
                Locale.ROOT, "%d tiers: %,d draws a second%n", tiers, rate(link.buckets(), tiers));
          }
        }
        for (int limits : new int[] {1, 2}) {
          for (int round = 0; round < 4; round++) {
            decide(link.buckets(), limits);
          }
        }
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private static long rate(BucketStore store, int count) throws InterruptedException {
    BucketShape shape = new BucketShape(1, 1_000, 1_000_000_000);
    List<Draw> draws =
        IntStream.range(0, count)
            .mapToObj(i -> Draw.one(new Tier("weir:{tb}:bench:" + i, shape)))
            .toList();
    Semaphore free = new Semaphore(UNDER_WAY);
    AtomicInteger allowed = new AtomicInteger();
    long started = System.nanoTime();
    for (int i = 0; i < DRAWS; i++) {
      free.acquire();
      store
          .draw(draws)
          .whenComplete(
              (drawn, failure) -> {
                if (failure == null && drawn.getFirst().had()) {
                  allowed.incrementAndGet();
                }
                free.release();
              });
    }
    free.acquire(UNDER_WAY);
    long elapsed = System.nanoTime() - started;
    Assertions.assertEquals(DRAWS, allowed.get(), "every draw is allowed");
    return DRAWS * 1_000_000_000L / elapsed;
  }

  private static Limit limit(Limit.Key key) {
    return new Limit(
        "bench", key, 10_000_000, Duration.ofSeconds(1), 10_000_000, Limit.OnRedisLoss.CLOSED);
  }

  private static void decide(BucketStore store, int count) {
    var meters = new SimpleMeterRegistry();
    try (ThrottleStage stage = new ThrottleStage(store, 1, meters)) {
      Limit[] limits = {limit(Limit.Key.ADDRESS), limit(Limit.Key.ROUTE)};
      Route route =
          Requests.route("bench", new Authentication.Open(), Arrays.copyOf(limits, count));
      Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
      int waited = 0;
      long started = System.nanoTime();
      for (int i = 0; i < DECISIONS; i++) {
        Exchange exchange = Requests.from("192.0.2.1", "");
        exchange.bind(route, 0);
        Verdict verdict = enforcer.enforce(exchange);
        waited += verdict instanceof Verdict.Await ? 1 : 0;
        Assertions.assertEquals(Verdict.PROCEED, Requests.settle(verdict).join());
      }
      long elapsed = System.nanoTime() - started;
      System.out.printf(
          Locale.ROOT,
          "%d limits: %,d ns a decision, %d of %d waited, %d calls%n",
          count,
          elapsed / DECISIONS,
          waited,
          DECISIONS,
          meters.get("weir.redis.call.duration").tag("outcome", "ok").timer().count());
    }
  }
}
