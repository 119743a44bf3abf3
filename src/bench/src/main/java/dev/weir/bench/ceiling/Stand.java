package dev.weir.bench.ceiling;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Setting;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.fixture.Issuer;
import dev.weir.bench.fixture.WorkFolder;
import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.process.FreePort;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import dev.weir.bench.process.RedisServer;
import dev.weir.bench.upstream.Upstream;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the drill is made of: the judge's upstream and the clients in this process, on an event loop
 * each; Redis and the gateways in processes of their own.
 */
final class Stand implements AutoCloseable {
  private final Processes processes = new Processes();
  private final MultiThreadIoEventLoopGroup upstreamLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final MultiThreadIoEventLoopGroup clientLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Issuer issuer;
  private final WorkFolder work;
  private final RedisServer redis;
  private final Setting setting;

  Stand(Path home, Path folder, Judge judge)
      throws IOException, GeneralSecurityException, InterruptedException {
    var now = Instant.now();
    issuer = Issuer.create(now);
    work = WorkFolder.fill(folder, issuer, now);
    redis = RedisServer.start(processes, Placement.anywhere(), folder);
    var upstream = Upstream.start(upstreamLoop, issuer.jwks(), judge);
    setting = new Setting(home, work, upstream.port(), redis.port(), "");
  }

  RedisServer redis() {
    return redis;
  }

  List<String> tokens(int callers) throws GeneralSecurityException {
    return issuer.tokens(callers);
  }

  /** The token of a caller that is not judged, with a limit of its own. */
  String stranger() throws GeneralSecurityException {
    return issuer.token("stranger");
  }

  LoadGenerator load() throws IOException {
    return LoadGenerator.create(clientLoop.next(), work.authority());
  }

  /** Starts them one after the other; each serves when this returns. */
  List<Gateway> gateways(Options options)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var starter = new Starter(processes, Placement.anywhere(), Probe.create(work.authority()));
    var ready = stranger();
    var routes = Routes.text(options, setting.upstreamPort());
    var gateways = new ArrayList<Gateway>();
    for (int number = 0; number < options.gateways(); number++) {
      int managementPort = FreePort.find();
      var more =
          Map.of(
              "WEIR_MANAGEMENT_PORT", Integer.toString(managementPort),
              "WEIR_REDIS_INSTANCES", Integer.toString(options.gateways()),
              // As it ships: the bench waits longer, lest a late answer changed what is measured.
              "WEIR_REDIS_TIMEOUT", "50ms");
      var launch = new WeirLaunch(setting).of("gateway-" + (number + 1), routes, more);
      gateways.add(Gateway.start(number, launch, managementPort, starter, processes, ready));
    }
    return gateways;
  }

  /** Ends everything; the judge has seen all that it will see. */
  @Override
  public void close() {
    processes.close();
    for (var group : List.of(clientLoop, upstreamLoop)) {
      group.shutdownGracefully(100, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
  }
}
