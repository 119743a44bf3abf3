package dev.weir.bench.process;

import dev.weir.quickstart.store.RedisBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Three masters and three replicas on loopback, which fail over by themselves. */
public final class RedisCluster {
  private static final int MASTERS = 3;
  private static final int NODES = 2 * MASTERS;
  private static final int SLOTS = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int POLL_MILLIS = 50;
  // A cluster talks on the port 10,000 above.
  private static final int LOWEST_PORT = 20_000;
  private static final int PORTS = 12_000;

  private final Processes processes;
  private final List<Process> running = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  private RedisCluster(Processes processes) {
    this.processes = processes;
  }

  /** Starts the six of them and returns once each has its part. */
  public static RedisCluster start(Processes processes, Path folder, Duration nodeTimeout)
      throws IOException, InterruptedException {
    var cluster = new RedisCluster(processes);
    var binary = RedisBinary.unpack(folder.resolve("redis")).executable();
    for (int i = 0; i < NODES; i++) {
      cluster.startNode(binary, folder, nodeTimeout);
    }
    for (int port : cluster.ports) {
      await("a node answers", () -> RedisTalk.ask(port, "PING").equals("PONG"));
    }
    cluster.join();
    return cluster;
  }

  private void startNode(Path binary, Path folder, Duration nodeTimeout) throws IOException {
    int port = LOWEST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
    var own = Files.createDirectories(folder.resolve("redis-" + port));
    var command =
        List.of(
            binary.toString(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            own.toString(),
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            Long.toString(nodeTimeout.toMillis()),
            "--cluster-require-full-coverage",
            "no",
            "--repl-diskless-sync",
            "yes",
            "--repl-diskless-sync-delay",
            "0");
    var log = own.resolve("redis.log");
    running.add(processes.start(Placement.anywhere(), command, Map.of(), log, log));
    ports.add(port);
  }

  private void join() throws IOException, InterruptedException {
    for (int i = 0; i < MASTERS; i++) {
      var slots =
          IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" "));
      RedisTalk.ask(ports.get(i), "CLUSTER ADDSLOTS " + slots);
      RedisTalk.ask(ports.get(i), "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
    }
    for (int port : ports.subList(1, NODES)) {
      RedisTalk.ask(ports.getFirst(), "CLUSTER MEET 127.0.0.1 " + port);
    }
    var all = "cluster_known_nodes:" + NODES;
    for (int port : ports) {
      await("all know all", () -> RedisTalk.ask(port, "CLUSTER INFO").contains(all));
    }
    for (int i = 0; i < MASTERS; i++) {
      var master = RedisTalk.ask(ports.get(i), "CLUSTER MYID");
      RedisTalk.ask(ports.get(MASTERS + i), "CLUSTER REPLICATE " + master);
    }
    for (int i = 0; i < NODES; i++) {
      int port = ports.get(i);
      var linked = i < MASTERS ? "state=online" : "master_link_status:up";
      await("replicas copy", () -> RedisTalk.ask(port, "INFO replication").contains(linked));
      await("all is served", () -> RedisTalk.ask(port, "CLUSTER INFO").contains("state:ok"));
    }
  }

  /** Returns where gateways begin to look: a master and a replica. */
  public String seeds() {
    return "redis://127.0.0.1:%d,redis://127.0.0.1:%d".formatted(ports.get(1), ports.getLast());
  }

  /** Kills the master that holds the key, with SIGKILL. */
  public void killMasterOf(String key) throws IOException, InterruptedException {
    int slot = Integer.parseInt(RedisTalk.ask(ports.getFirst(), "CLUSTER KEYSLOT " + key));
    int place =
        IntStream.range(0, MASTERS)
            .filter(i -> slot < (i + 1) * SLOTS / MASTERS)
            .findFirst()
            .orElseThrow();
    processes.kill(running.get(place));
  }

  private interface Question {
    boolean isTrue() throws IOException;
  }

  private static void await(String what, Question question)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(question)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the cluster does not come to this: " + what);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean holds(Question question) {
    try {
      return question.isTrue();
    } catch (IOException notYet) {
      return false;
    }
  }
}
