package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.Drawn;
import dev.weir.gateway.throttle.StoreFailure;
import dev.weir.gateway.throttle.Tier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisBucketsIT {
  private static RedisServers server;
  private static RedisLink one;
  private static RedisLink two;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;

  @BeforeAll
  static void start() throws Exception {
    server = new RedisServers();
    server.start();
    one = link();
    two = link();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
    await().until(() -> answers(one.buckets()) && answers(two.buckets()));
  }

  private static RedisLink link() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    return new RedisLink(
        RedisSettings.standalone(server.uri(), Duration.ofSeconds(5)),
        "a:local:",
        new RevocationSet(InstantSource.system(), meters),
        meters);
  }

  private static boolean answers(BucketStore store) {
    return store.probe().toCompletableFuture().handle((done, failure) -> failure == null).join();
  }

  @AfterAll
  static void stop() throws Exception {
    client.shutdown();
    one.close();
    two.close();
    server.close();
  }

  private static List<Drawn> take(BucketStore store, Tier... tiers) throws Exception {
    return draw(store, Arrays.stream(tiers).map(Draw::one).toArray(Draw[]::new));
  }

  private static List<Drawn> draw(BucketStore store, Draw... draws) throws Exception {
    return store.draw(List.of(draws)).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void isAnExactCeilingForTwoInstancesAtOnce() throws Exception {
    // One token an hour: what flows in during the test does not count.
    Tier tier = new Tier("weir:{tb}:ceiling", new BucketShape(3_600_000, 1, 100 * 3_600_000L));
    List<CompletableFuture<List<Drawn>>> draws = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      BucketStore store = i % 2 == 0 ? one.buckets() : two.buckets();
      draws.add(store.draw(List.of(Draw.one(tier))).toCompletableFuture());
    }
    int allowed = 0;
    for (CompletableFuture<List<Drawn>> draw : draws) {
      allowed += draw.get(10, TimeUnit.SECONDS).getFirst().had() ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(100);
  }

  @Test
  void takesFromAllTiersOrFromNone() throws Exception {
    Tier wide = new Tier("weir:{tb}:wide", new BucketShape(3_600_000, 1, 10 * 3_600_000L));
    Tier narrow = new Tier("weir:{tb}:narrow", new BucketShape(3_600_000, 1, 3_600_000L));

    assertThat(take(one.buckets(), wide, narrow))
        .extracting(Drawn::had, Drawn::remaining)
        .containsExactly(tuple(true, 9L), tuple(true, 0L));
    Map<String, String> wideBefore = redis.hgetall("weir:{tb}:wide");
    Map<String, String> narrowBefore = redis.hgetall("weir:{tb}:narrow");
    long written = commandsWritten();

    List<Drawn> refused = take(two.buckets(), wide, narrow);

    assertThat(refused)
        .extracting(Drawn::had, Drawn::remaining)
        .containsExactly(tuple(true, 9L), tuple(false, 0L));
    assertThat(refused.get(1).waitMillis()).isBetween(3_500_000L, 3_600_000L);
    assertThat(redis.hgetall("weir:{tb}:wide")).isEqualTo(wideBefore);
    assertThat(redis.hgetall("weir:{tb}:narrow")).isEqualTo(narrowBefore);
    assertThat(commandsWritten()).as("a refusal writes nothing").isEqualTo(written);
  }

  @Test
  void takesAllThatARequestWeighsOrNothing() throws Exception {
    Tier tier = new Tier("weir:{tb}:heavy", new BucketShape(3_600_000, 1, 10 * 3_600_000L));
    Draw seven = new Draw(tier, 7, Draw.Report.NONE);

    assertThat(draw(one.buckets(), seven))
        .extracting(Drawn::had, Drawn::remaining)
        .containsExactly(tuple(true, 3L));
    assertThat(draw(two.buckets(), seven))
        .extracting(Drawn::had, Drawn::remaining)
        .containsExactly(tuple(false, 3L));
    assertThat(take(two.buckets(), tier).getFirst().remaining()).isEqualTo(2);
  }

  @Test
  void leasesWhatIsWantedUpToHalfOfTheBucketAndTakesItBack() throws Exception {
    Tier tier = new Tier("weir:{tb}:leases", new BucketShape(3_600_000, 1, 100 * 3_600_000L));

    Drawn first = draw(one.buckets(), lease(tier, 1, 0, 20, 0)).getFirst();
    assertThat(first).extracting(Drawn::leased, Drawn::remaining).containsExactly(20L, 79L);
    Drawn other = draw(two.buckets(), lease(tier, 1, 0, 40, 0)).getFirst();
    assertThat(other.leased()).as("a half of the capacity is leased at most").isEqualTo(30);
    Drawn late = draw(one.buckets(), lease(tier, 1, 0, 20, 0)).getFirst();
    assertThat(late.leased()).as("no report counts twice").isZero();

    Draw back = new Draw(tier, 0, new Draw.Report(7, 2, 5, 0, 10));
    assertThat(draw(one.buckets(), back).getFirst().remaining()).isEqualTo(57);
    assertThat(redis.hgetall("weir:{tb}:leases")).hasSize(4);
  }

  @Test
  void leasesOnlyWhereEveryTierHasAToken() throws Exception {
    Tier wide = new Tier("weir:{tb}:lease-wide", new BucketShape(3_600_000, 1, 90 * 3_600_000L));
    Tier narrow = new Tier("weir:{tb}:lease-narrow", new BucketShape(3_600_000, 1, 3_600_000L));
    take(one.buckets(), narrow);
    List<Drawn> refused = draw(one.buckets(), lease(wide, 1, 0, 20, 0), lease(narrow, 1, 0, 0, 0));
    assertThat(refused).extracting(Drawn::had).containsExactly(true, false);
    assertThat(refused.getFirst().leased()).isZero();
    assertThat(redis.exists("weir:{tb}:lease-wide")).isZero();
  }

  @Test
  void doesNotCountTwiceWhatIsHeldOfALeaseThatItLost() throws Exception {
    Tier tier = new Tier("weir:{tb}:lost", new BucketShape(3_600_000, 1, 100 * 3_600_000L));
    draw(one.buckets(), lease(tier, 1, 0, 20, 0));
    redis.del("weir:{tb}:lost");
    Drawn again = draw(one.buckets(), lease(tier, 2, 15, 5, 0)).getFirst();
    assertThat(again).extracting(Drawn::leased, Drawn::remaining).containsExactly(5L, 79L);
  }

  @Test
  void letsALeaseGoWhenItsTimeIsOver() throws Exception {
    // 1000 a second: the bucket would fill in 100 ms, were it not for the lease.
    Tier tier = new Tier("weir:{tb}:over", new BucketShape(1, 1, 100));
    draw(one.buckets(), lease(tier, 1, 0, 40, 0));
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofMillis(900))
        .until(() -> remaining(tier) == 60);
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(3))
        .until(() -> remaining(tier) == 100);
    assertThat(redis.hgetall("weir:{tb}:over")).hasSize(2);
  }

  private static long remaining(Tier tier) throws Exception {
    return draw(two.buckets(), new Draw(tier, 0, Draw.Report.NONE)).getFirst().remaining();
  }

  private static Draw lease(Tier tier, long number, long held, long want, long returned) {
    return new Draw(tier, 1, new Draw.Report(7, number, held, want, returned));
  }

  private static long commandsWritten() {
    return redis
        .info("commandstats")
        .lines()
        .filter(line -> line.matches("cmdstat_(hset|hdel|pexpire):.*"))
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*calls=(\\d+).*", "$1")))
        .sum();
  }

  @Test
  void refillsWithinASubSecondWindow() throws Exception {
    // 1 per 50 ms, burst 1.
    Tier tier = new Tier("weir:{tb}:subsecond", new BucketShape(50, 1, 50));
    assertThat(take(one.buckets(), tier).getFirst().had()).isTrue();
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofMillis(500))
        .until(() -> take(one.buckets(), tier).getFirst().had());
  }

  @Test
  void tellsTheTrueWaitOfAPerMinuteWindow() throws Exception {
    // 6 per minute, burst 2: a token each 10 s.
    Tier tier = new Tier("weir:{tb}:minute", new BucketShape(10_000, 1, 20_000));
    assertThat(take(one.buckets(), tier).getFirst().had()).isTrue();
    assertThat(take(one.buckets(), tier).getFirst().had()).isTrue();
    Drawn refused = take(one.buckets(), tier).getFirst();
    assertThat(refused.had()).isFalse();
    assertThat(refused.waitMillis()).isBetween(9_000L, 10_000L);
  }

  @Test
  void keepsAKeyNoLongerThanItTakesToBeFull() throws Exception {
    Tier tier = new Tier("weir:{tb}:expiry", new BucketShape(1000, 1, 10_000));
    take(one.buckets(), tier);
    assertThat(redis.pttl("weir:{tb}:expiry")).isBetween(1_000L, 2_000L);
    take(one.buckets(), tier);
    assertThat(redis.pttl("weir:{tb}:expiry")).isBetween(2_000L, 3_000L);
  }

  @Test
  void countsTheLargestBucketsWithAllDigits() throws Exception {
    long unit = Duration.ofDays(31).toMillis();
    Tier tier = new Tier("weir:{tb}:large", new BucketShape(unit, 1, 3_000_000L * unit));
    for (int i = 0; i < 5; i++) {
      take(one.buckets(), tier);
    }
    assertThat(take(one.buckets(), tier).getFirst().remaining()).isEqualTo(2_999_994);
  }

  @Test
  void teachesTheScriptToAServerThatForgotIt() throws Exception {
    Tier tier = new Tier("weir:{tb}:noscript", new BucketShape(1000, 1, 10_000));
    assertThat(take(one.buckets(), tier).getFirst().remaining()).isEqualTo(9);
    redis.scriptFlush();
    assertThat(take(one.buckets(), tier).getFirst().remaining()).isEqualTo(8);
    assertThat(take(one.buckets(), tier).getFirst().remaining()).isIn(7L, 8L);
  }

  @Test
  void reportsAnErrorOfTheServerAsOne() {
    redis.lpush("weir:{tb}:list", "x");
    Tier tier = new Tier("weir:{tb}:list", new BucketShape(1000, 1, 10_000));
    assertThatThrownBy(() -> take(one.buckets(), tier))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            StoreFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(StoreFailure.Kind.ERROR));
  }
}
