package dev.weir.bench.contender;

import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Starts Weir's own gateway, with the script that ships. */
public final class WeirLaunch {
  /** The contender that all others are compared with. */
  public static final String NAME = "weir";

  private final Setting setting;

  public WeirLaunch(Setting setting) {
    this.setting = setting;
  }

  /** Weir as a contender in the mode. */
  public Launch common(Mode mode) throws IOException {
    return launch(NAME, mode, new WeirRoutes(mode, setting.upstreamPort()).common(), Map.of());
  }

  /** Weir with so many routes and nothing else to do. */
  public Launch table(int routes) throws IOException {
    var text = new WeirRoutes(Mode.PLAIN, setting.upstreamPort()).table(routes);
    return launch(NAME + "-" + routes + "-routes", Mode.PLAIN, text, Map.of());
  }

  /** A path that only the last of so many routes takes. */
  public static String lastPath(int routes) {
    return WeirRoutes.lastPath(routes) + "/item";
  }

  /** Weir with a route that names a stock filter, and so passes through its extension host. */
  public Launch hosting() throws IOException {
    var text = new WeirRoutes(Mode.PLAIN, setting.upstreamPort()).hosted();
    return launch(NAME + "-hosting", Mode.PLAIN, text, Map.of());
  }

  /** Weir before an upstream that it speaks HTTP/2 to. */
  public Launch http2() throws IOException {
    var text = new WeirRoutes(Mode.PLAIN, setting.http2UpstreamPort()).http2();
    return launch(NAME + "-http2", Mode.PLAIN, text, Map.of());
  }

  /** Weir with room for one request at once; the rest is shed. */
  public Launch shedding() throws IOException {
    var one =
        Map.of(
            "WEIR_ADMISSION_MINIMUM", "1",
            "WEIR_ADMISSION_INITIAL", "1",
            "WEIR_ADMISSION_MAXIMUM", "1");
    var text = new WeirRoutes(Mode.PLAIN, setting.upstreamPort()).common();
    return launch(NAME + "-shedding", Mode.PLAIN, text, one);
  }

  /** A gateway with these routes, which may share a Redis with others, and more settings. */
  public Launch of(String name, String routes, Map<String, String> more) throws IOException {
    return launch(name, Mode.THROTTLE, routes, more);
  }

  private Launch launch(String name, Mode mode, String routes, Map<String, String> more)
      throws IOException {
    var folder = setting.work().of(name);
    var file = folder.resolve("routes-" + mode.label() + ".yaml");
    Files.writeString(file, routes);
    int port = FreePort.find();
    var environment = new HashMap<String, String>();
    environment.put("WEIR_EDGE_PORT", Integer.toString(port));
    environment.put("WEIR_REDIRECT_PORT", "0");
    environment.put("WEIR_MANAGEMENT_PORT", "0");
    environment.put("WEIR_ROUTES_FILE", file.toString());
    environment.put("WEIR_TLS_CERTIFICATE", setting.work().certificate().toString());
    environment.put("WEIR_TLS_PRIVATE_KEY", setting.work().privateKey().toString());
    environment.put("WEIR_REDIS_URI", "redis://127.0.0.1:" + setting.redisPort());
    // A draw that timed out would fall back to a local bucket: less work than others do.
    environment.put("WEIR_REDIS_TIMEOUT", "2s");
    environment.put("WEIR_ACCESS_LOG", mode == Mode.FULL ? "stdout" : "off");
    environment.put("WEIR_DRAIN_GRACE", "0s");
    environment.put("WEIR_DRAIN_TIMEOUT", "1s");
    if (!setting.javaOptions().isEmpty()) {
      environment.put("JDK_JAVA_OPTIONS", setting.javaOptions());
    }
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.putAll(more);
    return new Launch(
        name,
        port,
        List.of(setting.home().resolve("gateway/target/app/run").toString()),
        environment,
        folder.resolve(mode.label() + ".log"),
        folder.resolve(mode.label() + ".err"));
  }
}
