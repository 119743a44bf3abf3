package dev.weir.bench.run;

import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Setting;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.fixture.Issuer;
import dev.weir.bench.fixture.WorkFolder;
import dev.weir.bench.load.LoadGenerator;
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
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All that stands around the contenders: clients and upstream in this process, and Redis. */
record Lab(
    MultiThreadIoEventLoopGroup group,
    Processes processes,
    Setting setting,
    RedisServer redis,
    LoadGenerator load,
    Starter starter,
    Probe probe,
    Issuer issuer,
    List<String> tokens)
    implements AutoCloseable {
  /** Contenders run here. */
  static final int CONTENDER_CORE = 0;

  /** Clients, upstream and Redis run here; the script that started this process saw to it. */
  static final int LOAD_CORE = 1;

  private static final int CALLERS = 64;
  // Tracking every buffer makes a request some twenty times dearer.
  private static final int GENTLE = 8;

  static Lab open(Path home, Path folder, Options.Leaks leaks)
      throws IOException, GeneralSecurityException, InterruptedException {
    var processes = new Processes();
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      return open(new Place(home, folder, leaks), processes, group);
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      processes.close();
      group.close();
      throw e;
    }
  }

  private record Place(Path home, Path folder, Options.Leaks leaks) {
    boolean paranoid() {
      return leaks == Options.Leaks.PARANOID;
    }
  }

  private static Lab open(Place place, Processes processes, MultiThreadIoEventLoopGroup group)
      throws IOException, GeneralSecurityException, InterruptedException {
    var now = Instant.now();
    var issuer = Issuer.create(now);
    var work = WorkFolder.fill(place.folder(), issuer, now);
    var upstream = Upstream.start(group, issuer.jwks());
    var http2Upstream = Upstream.startHttp2(group);
    var redis = RedisServer.start(processes, Placement.core(LOAD_CORE), place.folder());
    var probe = Probe.create(work.authority());
    var load = LoadGenerator.create(group.next(), work.authority());
    return new Lab(
        group,
        processes,
        new Setting(
            place.home(),
            work,
            upstream.port(),
            http2Upstream.port(),
            redis.port(),
            place.paranoid() ? LeakGate.PARANOID : ""),
        redis,
        place.paranoid() ? load.fewer(GENTLE) : load,
        new Starter(processes, Placement.core(CONTENDER_CORE), probe),
        probe,
        issuer,
        issuer.tokens(CALLERS));
  }

  @Override
  public void close() {
    processes.close();
    // The quiet moment lets the event loop see that the contenders are gone.
    group.shutdownGracefully(100, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }
}
