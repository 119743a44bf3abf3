package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.route.Limit;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateways on a real cluster, as a user that may do no more than a gateway needs. */
class RedisClusterIT {
  private static final String USER =
      "user weir on >hush ~weir:{tb}:* ~weir:dpop:* ~a:local:rev:stream -@all +set +eval +evalsha +time +hgetall"
          + " +hset +hdel +pexpire +xrange +xrevrange +xread +cluster|nodes +info +asking";

  @TempDir private static Path folder;
  private static RedisClusterServers cluster;
  private static final List<TestGateway> FLEET = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    cluster = new RedisClusterServers(folder, Duration.ofSeconds(15), USER);
    Path secret = Files.writeString(folder.resolve("password"), "hush\n");
    for (int i = 0; i < 2; i++) {
      FLEET.add(
          new TestGateway(
              new RedisSettings(
                  RedisSettings.Mode.CLUSTER,
                  cluster.seeds(),
                  Optional.empty(),
                  new RedisSettings.Login("weir", () -> text(secret)),
                  Optional.empty(),
                  Duration.ofSeconds(2)),
              2));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(FLEET).allSatisfy(each -> assertThat(each.whyNot()).isEmpty()));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterAll
  static void stop() {
    FLEET.forEach(TestGateway::close);
    cluster.close();
  }

  @Test
  void twoGatewaysShareOneCeilingExactly() throws Exception {
    long perSecond = 100;
    long burst = 400;
    Limit limit = TestGateway.limit("shared", perSecond, burst, Limit.OnRedisLoss.CLOSED);
    AtomicLong passed = new AtomicLong();
    long started = System.nanoTime();
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    for (TestGateway gateway : FLEET) {
      runs.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  passed.addAndGet(gateway.decide(limit).isEmpty() ? 1 : 0);
                }
              }));
    }
    CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    long ceiling = burst + (System.nanoTime() - started) * perSecond / 1_000_000_000 + 1;
    assertThat(passed.get()).isBetween(burst / 2, ceiling);
    assertThat(cluster.clients())
        .as("the user is known to nodes that were found")
        .contains("user=weir");
  }

  /** The slot of all buckets goes to another master, key by key, under a gateway that draws. */
  @Test
  void drawsOnWhileTheSlotIsMovedToAnotherMaster() {
    TestGateway gateway = FLEET.getFirst();
    // Too slow to be leased: each request is a call.
    Limit limit = TestGateway.limit("moved", 1, 10, Limit.OnRedisLoss.CLOSED);
    assertThat(gateway.decide(limit)).isEmpty();
    int slot = SlotHash.getSlot(RedisBuckets.PROBE_KEY);
    int from = RedisClusterServers.masterOf(RedisBuckets.PROBE_KEY);
    int to = (from + 1) % 3;
    RedisCommands<String, String> source = cluster.node(from);
    RedisCommands<String, String> target = cluster.node(to);

    target.clusterSetSlotImporting(slot, source.clusterMyId());
    source.clusterSetSlotMigrating(slot, target.clusterMyId());
    assertThat(gateway.decide(limit)).as("not moved yet").isEmpty();
    List<String> keys = source.clusterGetKeysInSlot(slot, 1000);
    assertThat(keys).isNotEmpty();
    source.migrate(
        "127.0.0.1",
        cluster.port(to),
        0,
        5000,
        MigrateArgs.Builder.<String>keys(keys.toArray(String[]::new)));
    assertThat(gateway.decide(limit)).as("ASK").isEmpty();
    target.clusterSetSlotNode(slot, target.clusterMyId());
    source.clusterSetSlotNode(slot, target.clusterMyId());
    assertThat(gateway.decide(limit)).as("MOVED").isEmpty();

    assertThat(gateway.stage.storeIsUp()).isTrue();
    String bucket = keys.stream().filter(key -> key.contains(":moved:")).findFirst().orElseThrow();
    double credit = Double.parseDouble(target.hget(bucket, "c"));
    assertThat(credit / 1_000_000).as("four of ten were taken, all from one bucket").isLessThan(10);
  }

  @Test
  void knowsUsedProofsWhateverSlotTheyAreIn() throws Exception {
    for (int i = 0; i < 12; i++) {
      assertThat(TestGateway.first(FLEET.get(i % 2), "proof-" + i)).isTrue();
      assertThat(TestGateway.first(FLEET.get((i + 1) % 2), "proof-" + i)).isFalse();
    }
  }

  @Test
  void hearsOfALogoutWhereverItsStreamIs() {
    String stream = "a:local:rev:stream";
    TestGateway gateway = FLEET.getFirst();
    await().atMost(Duration.ofSeconds(10)).until(gateway.link::revocationsFollowed);
    long moot = Instant.now().getEpochSecond() + 360;
    cluster
        .node(RedisClusterServers.masterOf(stream))
        .xadd(
            stream,
            Map.of(
                "kind",
                "sid",
                "id",
                "gone",
                "value",
                "4",
                "exp",
                Long.toString(moot),
                "reason",
                "logout"));
    await().until(() -> gateway.revocations.isRevoked("gone", "t", "u", 9));
  }
}
