package dev.weir.gateway.redis;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three masters and three replicas on loopback, which fail over by themselves. */
final class RedisClusterServers implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int NODES = 2 * MASTERS;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<RedisProcess> processes = new ArrayList<>();
  private final List<RedisClient> clients = new ArrayList<>();
  private final List<RedisCommands<String, String>> nodes = new ArrayList<>();

  /** Starts them; more settings apply to each. */
  RedisClusterServers(Path folder, Duration nodeTimeout, String... more) throws IOException {
    for (int i = 0; i < NODES; i++) {
      int port = RedisProcess.freePort();
      List<String> settings =
          new ArrayList<>(
              List.of(
                  "port " + port,
                  "save \"\"",
                  "cluster-enabled yes",
                  "cluster-node-timeout " + nodeTimeout.toMillis(),
                  // Else the loss of one master stops all, the whole time until its fail-over.
                  "cluster-require-full-coverage no",
                  "repl-diskless-sync yes",
                  "repl-diskless-sync-delay 0"));
      settings.addAll(List.of(more));
      processes.add(RedisProcess.start(folder, port, "", settings));
    }
    for (RedisProcess process : processes) {
      await().atMost(PATIENCE).until(process::accepts);
      RedisClient client = RedisClient.create(process.uri());
      clients.add(client);
      nodes.add(client.connect().sync());
    }
    join();
  }

  private void join() {
    for (int i = 0; i < MASTERS; i++) {
      int from = i * SlotHash.SLOT_COUNT / MASTERS;
      int to = (i + 1) * SlotHash.SLOT_COUNT / MASTERS;
      nodes.get(i).clusterAddSlots(IntStream.range(from, to).toArray());
      nodes.get(i).clusterSetConfigEpoch(i + 1L);
    }
    for (RedisProcess process : processes.subList(1, NODES)) {
      nodes.getFirst().clusterMeet("127.0.0.1", process.port());
    }
    await().atMost(PATIENCE).until(() -> nodes.stream().allMatch(RedisClusterServers::knowsAll));
    for (int i = 0; i < MASTERS; i++) {
      nodes.get(MASTERS + i).clusterReplicate(nodes.get(i).clusterMyId());
    }
    await().atMost(PATIENCE).until(() -> nodes.stream().allMatch(RedisClusterServers::isReady));
    await().atMost(PATIENCE).until(() -> nodes.stream().allMatch(RedisClusterServers::seesRoles));
  }

  private static boolean knowsAll(RedisCommands<String, String> node) {
    return node.clusterInfo().contains("cluster_known_nodes:" + NODES);
  }

  private static boolean isReady(RedisCommands<String, String> node) {
    String replication = node.info("replication");
    return node.clusterInfo().contains("cluster_state:ok")
        && (replication.contains("role:master")
            ? replication.contains("state=online")
            : replication.contains("master_link_status:up"));
  }

  private static boolean seesRoles(RedisCommands<String, String> node) {
    return node.clusterNodes().lines().filter(line -> line.contains("slave")).count() == MASTERS;
  }

  /** Returns the place of the master that was given the slot of a key at the start. */
  static int masterOf(String key) {
    return IntStream.range(0, MASTERS)
        .filter(i -> SlotHash.getSlot(key) < (i + 1) * SlotHash.SLOT_COUNT / MASTERS)
        .findFirst()
        .orElseThrow();
  }

  /** Returns some addresses to begin with: of the second master and of a replica. */
  List<String> seeds() {
    return List.of(processes.get(1).uri(), processes.get(NODES - 1).uri());
  }

  RedisCommands<String, String> node(int place) {
    return nodes.get(place);
  }

  /** Returns who is connected, to any of them. */
  String clients() {
    return nodes.stream().map(RedisCommands::clientList).collect(Collectors.joining());
  }

  int port(int place) {
    return processes.get(place).port();
  }

  /**
   * Returns whether some living node is the master of a key's slot, other than that of the place.
   */
  boolean hasOtherMaster(String key, int place) {
    String old = Integer.toString(port(place));
    int alive = (place + 1) % MASTERS;
    return nodes
        .get(alive)
        .clusterNodes()
        .lines()
        .filter(line -> line.contains("master") && !line.contains("fail"))
        .filter(line -> !line.contains(":" + old + "@"))
        .anyMatch(line -> serves(line, SlotHash.getSlot(key)));
  }

  private static boolean serves(String line, int slot) {
    String[] words = line.split(" ", -1);
    for (int i = 8; i < words.length; i++) {
      String[] range = words[i].split("-", 2);
      if (words[i].startsWith("[")) {
        continue;
      }
      int from = Integer.parseInt(range[0]);
      int to = Integer.parseInt(range[range.length - 1]);
      if (from <= slot && slot <= to) {
        return true;
      }
    }
    return false;
  }

  void kill(int place) {
    processes.get(place).close();
  }

  @Override
  public void close() {
    for (RedisClient client : clients) {
      client.shutdown();
    }
    processes.forEach(RedisProcess::close);
  }
}
