package dev.weir.bench.ceiling;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Setting;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.fixture.Issuer;
import dev.weir.bench.fixture.WorkFolder;
import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import dev.weir.bench.upstream.Upstream;
import dev.weir.quickstart.process.FreePort;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * What the drill is made of: the judge's upstream and the clients in this process, on an event loop
 * each; what holds the buckets and the gateways in processes of their own.
 */
final class Stand implements AutoCloseable {
  // Each run says itself where its buckets are.
  private static final int NO_PORT = 0;

  private final Processes processes = new Processes();
  private final MultiThreadIoEventLoopGroup upstreamLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final MultiThreadIoEventLoopGroup clientLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Issuer issuer;
  private final WorkFolder work;
  private final Setting setting;

  Stand(Path home, Path folder, Judge judge)
      throws IOException, GeneralSecurityException, InterruptedException {
    var now = Instant.now();
    issuer = Issuer.create(now);
    work = WorkFolder.fill(folder, issuer, now);
    var upstream = Upstream.start(upstreamLoop, issuer.jwks(), judge);
    setting = new Setting(home, work, upstream.port(), NO_PORT, NO_PORT, "");
  }

  /** Returns who starts and ends processes here. */
  Processes processes() {
    return processes;
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

  /**
   * Starts them one after the other; each serves when this returns.
   *
   * @param routes text of the route file, by the upstream's port
   * @param redis settings by which a gateway finds its buckets
   */
  List<Gateway> gateways(Options options, IntFunction<String> routes, Map<String, String> redis)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var starter = new Starter(processes, Placement.anywhere(), Probe.create(work.authority()));
    var ready = stranger();
    var text = routes.apply(setting.upstreamPort());
    var gateways = new ArrayList<Gateway>();
    for (int number = 0; number < options.gateways(); number++) {
      int managementPort = FreePort.find();
      var more = new HashMap<>(redis);
      more.put("WEIR_MANAGEMENT_PORT", Integer.toString(managementPort));
      more.put("WEIR_REDIS_INSTANCES", Integer.toString(options.gateways()));
      // As it ships: the bench waits longer, lest a late answer changed what is measured.
      more.put("WEIR_REDIS_TIMEOUT", "50ms");
      var launch = new WeirLaunch(setting).of("gateway-" + (number + 1), text, more);
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
