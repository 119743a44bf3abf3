package dev.weir.drills.stand;

import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.process.FreePort;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All of Weir as {@code ./weir up} starts it, in a folder and on ports of its own. */
public final class WholeSystem implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration FAREWELL = Duration.ofMinutes(1);
  private static final int POLL_MILLIS = 50;
  private static final List<String> PORTS =
      List.of(
          "WEIR_EDGE_PORT",
          "WEIR_REDIRECT_PORT",
          "WEIR_MANAGEMENT_PORT",
          "WEIR_AUTH_PORT",
          "WEIR_AUTH_MANAGEMENT_PORT",
          "WEIR_ORDERS_PORT_A",
          "WEIR_ORDERS_PORT_B",
          "WEIR_ECHO_PORT",
          "WEIR_POSTGRES_PORT",
          "WEIR_REDIS_PORT");

  private static final String OPEN_PATH = "/public/echo";
  private static final String DEMO = "deploy/quickstart/routes.yaml";

  /** One machine acts as many people. */
  private static final String LOGIN_RATE = "rate: 20/1s, burst: 40";

  private static final String ANY_RATE = "rate: 100000/1s, burst: 100000";
  private static final Map<String, String> USUAL_PORTS =
      Map.of(
          "WEIR_EDGE_PORT", "8443",
          "WEIR_AUTH_PORT", "8090",
          "WEIR_ORDERS_PORT_A", "9101",
          "WEIR_ORDERS_PORT_B", "9102",
          "WEIR_ECHO_PORT", "9103");

  private final Processes processes = new Processes();
  private final Map<String, String> environment;
  private final Path state;
  private final Process launcher;
  private final Path home;
  private final Path folder;
  private final Path routes;

  private WholeSystem(Path home, Path folder, Duration restartDelay) throws IOException {
    this.home = home;
    this.folder = folder;
    this.state = folder.resolve("state");
    this.environment = environment(state, restartDelay);
    this.routes = folder.resolve("routes.yaml");
    Files.writeString(routes, routes(Files.readString(home.resolve(DEMO)), environment));
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-Dweir.home=" + home,
            "-jar",
            home.resolve("src/quickstart/target/quickstart.jar").toString(),
            "up",
            "--routes",
            routes.toString());
    var log = folder.resolve("up.log");
    this.launcher = processes.start(Placement.anywhere(), command, environment, log, log);
  }

  /**
   * Starts it and returns once it is ready.
   *
   * @param restartDelay how long a part that was killed stays away
   */
  public static WholeSystem start(Path home, Path folder, Duration restartDelay)
      throws IOException, InterruptedException, UnfitException {
    var system = new WholeSystem(home, folder, restartDelay);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (Files.readAllLines(folder.resolve("up.log")).stream().noneMatch("weir: ready"::equals)) {
      if (!system.launcher.isAlive() || System.nanoTime() > deadline) {
        system.close();
        throw new UnfitException("the system does not start; see " + folder.resolve("up.log"));
      }
      Thread.sleep(POLL_MILLIS);
    }
    return system;
  }

  private static Map<String, String> environment(Path state, Duration restartDelay)
      throws IOException {
    var environment = new HashMap<String, String>();
    for (var variable : PORTS) {
      environment.put(variable, Integer.toString(FreePort.find()));
    }
    environment.put("WEIR_STATE_DIR", state.toString());
    environment.put("WEIR_RESTART_DELAY", Long.toString(Math.max(1, restartDelay.toSeconds())));
    // One machine acts as many people.
    environment.put("WEIR_AUTH_LIMIT_REGISTER", "1000/1h");
    environment.put("WEIR_AUTH_LIMIT_LOGIN_ADDRESS", "100000/5m");
    environment.put("WEIR_AUTH_LIMIT_LOGIN_IDENTITY", "100000/15m");
    environment.put("WEIR_ACCESS_LOG", "off");
    return environment;
  }

  public int edgePort() {
    return Integer.parseInt(environment.getOrDefault("WEIR_EDGE_PORT", "0"));
  }

  /** The demo's routes with ports of our own, and without its bound on logins. */
  private static String routes(String demo, Map<String, String> environment) throws IOException {
    if (!demo.contains(LOGIN_RATE)) {
      throw new IOException(DEMO + " has no '" + LOGIN_RATE + "' any more");
    }
    var text = demo.replace(LOGIN_RATE, ANY_RATE);
    for (var usual : USUAL_PORTS.entrySet()) {
      text = text.replace(":" + usual.getValue(), ":" + environment.get(usual.getKey()));
    }
    return text;
  }

  /**
   * Starts one more gateway before the same stores and services; returns its port once it serves.
   */
  public int anotherGateway(String name)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    int port = FreePort.find();
    var variables = new HashMap<String, String>();
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("WEIR_EDGE_PORT", Integer.toString(port));
    variables.put("WEIR_REDIRECT_PORT", "0");
    variables.put("WEIR_MANAGEMENT_PORT", "0");
    variables.put("WEIR_ROUTES_FILE", routes.toString());
    variables.put("WEIR_TLS_CERTIFICATE", state.resolve("ca/server.pem").toString());
    variables.put("WEIR_TLS_PRIVATE_KEY", state.resolve("ca/server.key").toString());
    variables.put("WEIR_REDIS_URI", "redis://127.0.0.1:" + environment.get("WEIR_REDIS_PORT"));
    variables.put("WEIR_ACCESS_LOG", "off");
    variables.put("WEIR_DRAIN_GRACE", "0s");
    var log = folder.resolve(name + ".log");
    var command = List.of(home.resolve("gateway/target/app/run").toString());
    var starter = new Starter(processes, Placement.anywhere(), Probe.create(authority()));
    var _ = starter.start(new Launch(name, port, command, variables, log, log), OPEN_PATH, "");
    return port;
  }

  /** The certificate that its clients trust. */
  public Path authority() {
    return state.resolve("ca/ca.pem");
  }

  /** Kills a part with SIGKILL; it is started again after the delay. */
  public void kill(String part) throws IOException {
    ProcessHandle.of(pid(part)).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Returns once the part runs as another process than this. */
  public void awaitOther(String part, long before) throws IOException, InterruptedException {
    while (pid(part) == before || pid(part) < 0) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** The process of a part, or -1. */
  public long pid(String part) throws IOException {
    for (var line : Files.readAllLines(state.resolve("pids"))) {
      var fields = line.split(" ", -1);
      if (fields[0].equals(part)) {
        return Long.parseLong(fields[1]);
      }
    }
    return -1;
  }

  @Override
  public void close() {
    try {
      int _ = processes.terminate(launcher, FAREWELL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    processes.close();
  }
}
