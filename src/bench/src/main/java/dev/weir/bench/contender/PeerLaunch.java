package dev.weir.bench.contender;

import dev.weir.bench.fixture.Issuer;
import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a peer through src/contenders/run, which says what each of these variables means. */
public final class PeerLaunch {
  private static final String RUN = "src/contenders/run";

  private final Setting setting;

  public PeerLaunch(Setting setting) {
    this.setting = setting;
  }

  /** The peer of this name in the mode. */
  public Launch of(String name, Mode mode) throws IOException {
    int port = FreePort.find();
    var folder = setting.work().of(name);
    var environment =
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "BENCH_PORT", Integer.toString(port),
            "BENCH_UPSTREAM_PORT", Integer.toString(setting.upstreamPort()),
            "BENCH_REDIS_PORT", Integer.toString(setting.redisPort()),
            "BENCH_MODE", mode.label(),
            "BENCH_WORK", setting.work().path().toString(),
            "BENCH_ISSUER", Issuer.NAME,
            "BENCH_AUDIENCE", Issuer.AUDIENCE);
    return new Launch(
        name,
        port,
        List.of(script().toString(), name),
        environment,
        folder.resolve(mode.label() + ".out"),
        folder.resolve(mode.label() + ".err"));
  }

  /** The script that starts peers. */
  public Path script() {
    return setting.home().resolve(RUN);
  }
}
