package dev.weir.gateway.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A master, a replica, and three Sentinels that watch them under the name weir. */
final class RedisSentinelServers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisProcess master;
  private final RedisProcess replica;
  private final List<RedisProcess> sentinels = new ArrayList<>();

  RedisSentinelServers(Path folder) throws IOException {
    int first = RedisProcess.freePort();
    master = RedisProcess.start(folder, first, "", data(first));
    int second = RedisProcess.freePort();
    List<String> copying = new ArrayList<>(data(second));
    copying.add("replicaof 127.0.0.1 " + first);
    replica = RedisProcess.start(folder, second, "", copying);
    await().atMost(PATIENCE).until(() -> says(master.uri(), "replication", "state=online"));
    for (int i = 0; i < 3; i++) {
      int port = RedisProcess.freePort();
      sentinels.add(
          RedisProcess.start(
              folder,
              port,
              "--sentinel",
              List.of(
                  "port " + port,
                  "sentinel monitor weir 127.0.0.1 " + first + " 2",
                  "sentinel down-after-milliseconds weir 1000",
                  "sentinel failover-timeout weir 5000")));
    }
    String all = "slaves=1,sentinels=3";
    await()
        .atMost(PATIENCE)
        .until(() -> sentinels.stream().allMatch(each -> says(each.uri(), "sentinel", all)));
  }

  private static List<String> data(int port) {
    return List.of(
        "port " + port, "save \"\"", "repl-diskless-sync yes", "repl-diskless-sync-delay 0");
  }

  private static boolean says(String uri, String section, String what) {
    RedisClient client = RedisClient.create(RedisURI.create(uri));
    try {
      return client.connect().sync().info(section).contains(what);
    } catch (RedisException notYet) {
      return false;
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }

  List<String> sentinels() {
    return sentinels.stream().map(RedisProcess::uri).toList();
  }

  void killMaster() {
    master.close();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::close);
    replica.close();
    master.close();
  }
}
