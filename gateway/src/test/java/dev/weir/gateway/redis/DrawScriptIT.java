package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.Drawn;
import dev.weir.gateway.throttle.ModelBuckets;
import dev.weir.gateway.throttle.Tier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The script against {@link ModelBuckets}, on which the simulation rests: the same random calls at
 * the same times, to the microsecond. The script's one look at the server's clock is replaced by a
 * look at two keys.
 */
class DrawScriptIT {
  private static final int SEQUENCES = 60;
  private static final int CALLS = 120;
  private static final String CLOCK = "redis.call('TIME')";

  private static RedisServers server;
  private static RedisClient client;
  private static RedisCommands<String, String> redis;

  @BeforeAll
  static void start() throws Exception {
    server = new RedisServers();
    server.start();
    client = RedisClient.create(server.uri());
    redis = client.connect().sync();
  }

  @AfterAll
  static void stop() throws Exception {
    client.shutdown();
    server.close();
  }

  @Test
  void doesWhatTheModelDoes() {
    String text = Script.load("draw.lua").text();
    assertThat(text).containsOnlyOnce(CLOCK);
    String digest =
        redis.scriptLoad(text.replace(CLOCK, "redis.call('MGET', 'seconds', 'micros')"));
    for (int seed = 0; seed < SEQUENCES; seed++) {
      compare(digest, new Random(seed), seed);
    }
  }

  private static void compare(String digest, Random random, int seed) {
    ModelBuckets model = new ModelBuckets();
    List<Tier> tiers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long unit = 1L + random.nextInt(1000);
      BucketShape shape =
          new BucketShape(unit, 1L + random.nextInt(300), unit * (1L + random.nextInt(60)));
      tiers.add(new Tier("{tb}:" + seed + ":" + i, shape));
    }
    long now = 1_000_000_000L + random.nextInt(1_000_000_000);
    for (int call = 0; call < CALLS; call++) {
      now += random.nextInt(10) == 0 ? random.nextInt(1_500_000) - 200_000 : random.nextInt(30_000);
      String instance = "gateway" + random.nextInt(3);
      List<Draw> draws = draws(random, tiers, call);
      assertThat(onServer(digest, instance, draws, now))
          .as("seed %d, call %d: %s", seed, call, draws)
          .isEqualTo(model.draw(instance, draws, now));
    }
  }

  /**
   * Reports come late or twice at times, and may claim what was never leased; some tokens were
   * spent already.
   */
  private static List<Draw> draws(Random random, List<Tier> tiers, int call) {
    List<Draw> draws = new ArrayList<>();
    int from = random.nextInt(tiers.size());
    for (int i = from; i < tiers.size(); i++) {
      boolean leases = random.nextInt(4) > 0;
      long number = 1L + call - random.nextInt(Math.min(call + 1, 3));
      Draw.Report report =
          leases
              ? new Draw.Report(
                  random.nextInt(2),
                  number,
                  random.nextInt(4),
                  random.nextInt(15),
                  random.nextInt(3))
              : new Draw.Report(0, 0, random.nextInt(4) == 0 ? random.nextInt(50) : 0, 0, 0);
      int need = random.nextInt(8) == 0 ? random.nextInt(40) : random.nextInt(2);
      draws.add(new Draw(tiers.get(i), need, report));
    }
    return draws;
  }

  private static List<Drawn> onServer(
      String digest, String instance, List<Draw> draws, long nowMicros) {
    redis.set("seconds", Long.toString(nowMicros / 1_000_000));
    redis.set("micros", Long.toString(nowMicros % 1_000_000));
    String[] keys = RedisBuckets.keys(draws);
    String[] arguments = RedisBuckets.arguments(instance, draws);
    List<Long> reply = redis.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
    assertThat(BucketStore.LEASE).hasSeconds(1);
    return RedisBuckets.read(draws, reply);
  }
}
