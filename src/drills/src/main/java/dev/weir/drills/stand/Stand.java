package dev.weir.drills.stand;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Setting;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.fixture.WorkFolder;
import dev.weir.bench.load.LoadGenerator;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.load.Requests;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import dev.weir.bench.process.RedisServer;
import dev.weir.drills.load.Load;
import dev.weir.quickstart.process.FreePort;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A loopback copy of what stands around a gateway, each part of which can be broken: Redis in a
 * process of its own and behind a relay, upstreams and the issuer's keys in this process.
 */
public final class Stand implements AutoCloseable {
  private static final int OK = 200;
  private static final int NO_PORT = 0;
  private static final String ITEM = "{\"item\":\"" + "x".repeat(1000) + "\"}";

  private final Processes processes = new Processes();
  private final EventLoopGroup upstreamLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoopGroup clientLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Issuers issuers;
  private final WorkFolder work;
  private final RedisServer redis;
  private final Relay redisLine;
  private final ScriptedUpstream keys;
  private final List<ScriptedUpstream> orders;
  private final ScriptedUpstream catalogue;
  private final Setting setting;

  /** Starts all but gateways. */
  public Stand(Path home, Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    var now = Instant.now();
    issuers = Issuers.create(now);
    work = WorkFolder.fill(folder, issuers.current(), now);
    redis = RedisServer.start(processes, Placement.anywhere(), folder);
    redisLine = Relay.start(upstreamLoop, () -> OptionalInt.of(redis.port()));
    keys = ScriptedUpstream.start(upstreamLoop, issuers::jwks);
    orders = List.of(item(), item());
    catalogue = item();
    setting = new Setting(home, work, catalogue.port(), NO_PORT, redisLine.port(), "");
  }

  private ScriptedUpstream item() {
    return ScriptedUpstream.start(upstreamLoop, () -> ITEM);
  }

  public Issuers issuers() {
    return issuers;
  }

  public RedisServer redis() {
    return redis;
  }

  /** What gateways reach Redis through. */
  public Relay redisLine() {
    return redisLine;
  }

  /** Where gateways read the issuer's keys. */
  public ScriptedUpstream keys() {
    return keys;
  }

  /** The two endpoints of the upstream with a breaker. */
  public List<ScriptedUpstream> orders() {
    return orders;
  }

  /** The upstream of all other routes. */
  public ScriptedUpstream catalogue() {
    return catalogue;
  }

  public Setting setting() {
    return setting;
  }

  /** Clients of the port. */
  public Load load(int port) throws IOException {
    return new Load(clientLoop.next(), work.authority(), port);
  }

  /** Returns the answers a second of a closed loop without tokens, by HTTP/1.1. */
  public double closedLoop(int port, String path, Duration time) throws IOException {
    var generator = LoadGenerator.create(clientLoop.next(), work.authority());
    try (var requests = Requests.of(Protocol.H1, "localhost:" + port, path, List.of(""));
        var connections = generator.connect(port, Protocol.H1)) {
      return connections.closedLoop(requests, time).count(OK) / (double) time.toSeconds();
    }
  }

  public Starter starter(Placement placement) throws IOException, GeneralSecurityException {
    return new Starter(processes, placement, Probe.create(work.authority()));
  }

  /** Starts a gateway and returns once it serves; variables on top of those of the drills. */
  public Edge gateway(String name, Placement placement, Map<String, String> more)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    int managementPort = FreePort.find();
    var variables = new HashMap<String, String>();
    variables.put("WEIR_MANAGEMENT_PORT", Integer.toString(managementPort));
    variables.put("WEIR_REDIS_TIMEOUT", "50ms");
    variables.putAll(more);
    var ports =
        new Routes.Ports(
            keys.port(), orders.getFirst().port(), orders.getLast().port(), catalogue.port());
    var launch = new WeirLaunch(setting).of(name, Routes.text(ports), variables);
    var ready = issuers.current().token("ready");
    return Edge.start(launch, managementPort, starter(placement), processes, ready);
  }

  /** Starts what deals connections to these gateways. */
  public Balancer balancer(List<Edge> gateways) throws IOException {
    return Balancer.start(processes, upstreamLoop, work.path(), gateways);
  }

  /** A token of a caller. */
  public String token(String caller) throws GeneralSecurityException {
    return issuers.current().token(caller);
  }

  @Override
  public void close() {
    processes.close();
    for (var group : List.of(clientLoop, upstreamLoop)) {
      group.shutdownGracefully(0, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
  }
}
