package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.process.RedisCluster;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The run on a cluster: the master that holds all buckets is killed under load. */
final class ClusterDrill {
  private static final String BUCKETS = "weir:{tb}:";
  private static final double KILLED_AT = 0.4;

  private final Path home;
  private final ClusterOptions options;
  private final PrintStream out;
  private final Judge judge;

  ClusterDrill(Path home, ClusterOptions options, PrintStream out) {
    this.home = home;
    this.options = options;
    this.out = out;
    this.judge = new Judge(options.load());
  }

  Evidence run()
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var folder = Files.createTempDirectory("weir-drill");
    out.printf("logs and certificates are in %s%n", folder);
    out.printf("starting a cluster of six and %d gateways%n", options.load().gateways());
    try (var stand = new Stand(home, folder, judge)) {
      var cluster = RedisCluster.start(stand.processes(), folder, options.nodeTimeout());
      return run(stand, cluster);
    }
  }

  private Evidence run(Stand stand, RedisCluster cluster)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var load = options.load();
    var gateways =
        stand.gateways(
            load,
            port -> Routes.text(load, port, options.onRedisLoss()),
            Map.of("WEIR_REDIS_MODE", "cluster", "WEIR_REDIS_URI", cluster.seeds()));
    var generator = stand.load();
    warm(stand, gateways, generator);
    for (var gateway : gateways) {
      gateway.meters().begin();
    }
    var clock = Clocks.now();
    long begin = System.nanoTime();
    long end = begin + load.length().toNanos();
    var offered = new Offered(load.callers());
    var traffic = new Traffic(generator, stand.tokens(load.callers()), offered, begin, out);
    var clients = gateways.stream().map(each -> new Client(load, each, traffic)).toList();
    var looks =
        gateways.stream()
            .map(each -> new Degraded(each.number(), each.meters().port(), end))
            .toList();
    var threads = new ArrayList<Thread>();
    clients.forEach(client -> threads.add(Thread.ofPlatform().start(client)));
    looks.forEach(look -> threads.add(Thread.ofPlatform().start(look)));
    kill(cluster, begin);
    for (var thread : threads) {
      thread.join();
    }
    for (var gateway : gateways) {
      var _ = gateway.meters().read();
    }
    return new Evidence(
        load,
        begin,
        judge.callers(),
        offered,
        clients.stream().map(Client::answers).toList(),
        gateways.stream().map(Gateway::meters).toList(),
        0,
        looks.stream().flatMap(look -> look.outages().stream()).toList(),
        Clocks.now().driftSince(clock));
  }

  private void kill(RedisCluster cluster, long begin) throws IOException, InterruptedException {
    long due = begin + (long) (KILLED_AT * options.load().length().toNanos());
    Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    cluster.killMasterOf(BUCKETS);
    out.printf("%4.1f s  killed the master of the buckets%n", (System.nanoTime() - begin) / 1e9);
  }

  private void warm(Stand stand, List<Gateway> gateways, LoadGenerator load)
      throws GeneralSecurityException, InterruptedException {
    out.printf("warming them for %d s%n", options.load().warmUp().toSeconds());
    var token = stand.stranger();
    var threads = new ArrayList<Thread>();
    for (var gateway : gateways) {
      threads.add(
          Thread.ofPlatform().start(() -> Client.warm(options.load(), gateway, load, token)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }
}
