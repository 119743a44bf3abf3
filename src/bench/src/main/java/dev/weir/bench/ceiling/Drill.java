package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.process.CommandStats;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.RedisServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The whole run: starts everything, offers load, kills if asked to, and gathers what was seen. */
final class Drill {
  private static final long SECOND = 1_000_000_000L;
  private static final long MOMENT = 60_000_000L;

  private final Path home;
  private final Options options;
  private final PrintStream out;
  private final Judge judge;

  Drill(Path home, Options options, PrintStream out) {
    this.home = home;
    this.options = options;
    this.out = out;
    this.judge = new Judge(options);
  }

  Evidence run()
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var folder = Files.createTempDirectory("weir-drill");
    out.printf("logs and certificates are in %s%n", folder);
    out.printf("starting Redis and %d gateways%n", options.gateways());
    try (var stand = new Stand(home, folder, judge)) {
      var redis = RedisServer.start(stand.processes(), Placement.anywhere(), folder);
      return run(stand, redis);
    }
  }

  private Evidence run(Stand stand, RedisServer redis)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var gateways =
        stand.gateways(
            options,
            port -> Routes.text(options, port, Routes.CLOSED),
            Map.of("WEIR_REDIS_URI", "redis://127.0.0.1:" + redis.port()));
    var load = stand.load();
    warm(stand, gateways, load);
    for (var gateway : gateways) {
      gateway.meters().begin();
    }
    var redisBefore = redis.stats();
    var clock = Clocks.now();
    long begin = System.nanoTime();
    var offered = new Offered(options.callers());
    var traffic = new Traffic(load, stand.tokens(options.callers()), offered, begin, out);
    var clients = gateways.stream().map(each -> new Client(options, each, traffic)).toList();
    var kills = new Kills(gateways, options.seed(), begin + options.length().toNanos());
    var killer = Thread.ofPlatform().unstarted(kills);
    if (options.kills()) {
      killer.start();
    }
    var threads = clients.stream().map(client -> Thread.ofPlatform().start(client)).toList();
    watch(redis, gateways, clients, redisBefore, begin);
    for (var thread : threads) {
      thread.join();
    }
    // A start that is still under way is of no use any more.
    killer.interrupt();
    killer.join();
    for (var gateway : gateways) {
      var _ = gateway.meters().read();
    }
    return new Evidence(
        options,
        begin,
        judge.callers(),
        offered,
        clients.stream().map(Client::answers).toList(),
        gateways.stream().map(Gateway::meters).toList(),
        redis.stats().since(redisBefore),
        kills.outages(),
        Clocks.now().driftSince(clock));
  }

  private void warm(Stand stand, List<Gateway> gateways, LoadGenerator load)
      throws GeneralSecurityException, InterruptedException {
    out.printf("warming them for %d s%n", options.warmUp().toSeconds());
    var token = stand.stranger();
    var threads = new ArrayList<Thread>();
    for (var gateway : gateways) {
      threads.add(Thread.ofPlatform().start(() -> Client.warm(options, gateway, load, token)));
    }
    for (var thread : threads) {
      thread.join();
    }
  }

  private void watch(
      RedisServer redis,
      List<Gateway> gateways,
      List<Client> clients,
      CommandStats redisBefore,
      long begin)
      throws IOException, InterruptedException {
    long[] passed = new long[gateways.size()];
    long calls = 0;
    for (int second = 1; second <= options.length().toSeconds(); second++) {
      // A moment later, so that the answers of that second have been counted.
      long due = begin + second * SECOND + MOMENT;
      Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      var line = new StringBuilder();
      long sum = 0;
      for (int i = 0; i < passed.length; i++) {
        var _ = gateways.get(i).meters().read();
        long now = judge.passedThrough(i);
        line.append(line.isEmpty() ? "" : " + ").append(now - passed[i]);
        sum += now - passed[i];
        passed[i] = now;
      }
      long callsNow = redis.stats().since(redisBefore);
      int last = second - 1;
      long refused =
          clients.stream().mapToLong(each -> each.answers().refused(last, last + 1)).sum();
      out.printf(
          "%4d s  passed %5d (%s), refused %5d, Redis calls %3d%n",
          second, sum, line, refused, callsNow - calls);
      calls = callsNow;
    }
  }
}
