package dev.weir.drills.stand;

import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Probe;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import dev.weir.drills.load.Load;
import dev.weir.quickstart.process.FreePort;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** All of Weir as {@code ./weir up} starts it, in a folder and on ports of its own. */
public final class WholeSystem implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration FAREWELL = Duration.ofMinutes(1);
  private static final int POLL_MILLIS = 50;
  private static final String OPEN_PATH = "/public/echo";

  private final Processes processes = new Processes();
  private final EventLoopGroup clientLoop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Surroundings surroundings;
  private final Path state;
  private final Process launcher;
  private final Path home;
  private final Path folder;
  private final Path routes;

  private WholeSystem(Path home, Path folder, Surroundings surroundings) throws IOException {
    this.home = home;
    this.folder = folder;
    this.state = folder.resolve("state");
    this.surroundings = surroundings;
    this.routes = folder.resolve("routes.yaml");
    Files.writeString(routes, surroundings.routes(home));
    this.launcher = launch("up", List.of("up", "--routes", routes.toString()));
  }

  /** Runs the front door's launcher, its output in a log of that name. */
  private Process launch(String name, List<String> arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dweir.home=" + home,
                "-jar",
                home.resolve("src/quickstart/target/quickstart.jar").toString()));
    command.addAll(arguments);
    var variables = surroundings.variables(state);
    var log = folder.resolve(name + ".log");
    return processes.start(Placement.anywhere(), command, variables, log, log);
  }

  /** Runs a command of an operator, as {@code ./weir} does, and returns once it has ended well. */
  public void operate(String... arguments)
      throws IOException, InterruptedException, UnfitException {
    int status = launch("operator", List.of(arguments)).waitFor();
    if (status != 0) {
      throw new UnfitException(
          "%s ended with %d; see %s"
              .formatted(List.of(arguments), status, folder.resolve("operator.log")));
    }
  }

  /**
   * Starts it and returns once it is ready.
   *
   * @param restartDelay how long a part that was killed stays away
   */
  public static WholeSystem start(Path home, Path folder, Duration restartDelay)
      throws IOException, InterruptedException, UnfitException {
    return start(home, folder, restartDelay, Map.of());
  }

  /** Starts it with more variables, which go before those that it has of its own. */
  public static WholeSystem start(
      Path home, Path folder, Duration restartDelay, Map<String, String> more)
      throws IOException, InterruptedException, UnfitException {
    return start(home, folder, Surroundings.choose(restartDelay, more));
  }

  /** Starts it where ports and variables were chosen before. */
  public static WholeSystem start(Path home, Path folder, Surroundings surroundings)
      throws IOException, InterruptedException, UnfitException {
    var system = new WholeSystem(home, folder, surroundings);
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

  /** The status that the auth service answers a POST of JSON with, asked past the gateway. */
  public int authAnswers(String path, String json) throws IOException, InterruptedException {
    return PlainPost.status(surroundings.port("WEIR_AUTH_PORT"), path, json);
  }

  /** Clients of its edge. */
  public Load load() throws IOException {
    return new Load(clientLoop.next(), authority(), edgePort());
  }

  public int edgePort() {
    return surroundings.port("WEIR_EDGE_PORT");
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
    variables.put("WEIR_REDIS_URI", "redis://127.0.0.1:" + surroundings.port("WEIR_REDIS_PORT"));
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

  /** Kills a part and all that it started, as when a machine dies. */
  public void killAll(String part) throws IOException {
    var first = ProcessHandle.of(pid(part)).orElseThrow();
    var children = first.descendants().toList();
    first.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /** Where all of it is kept. */
  Path state() {
    return state;
  }

  /** Asks its Postgres as the superuser. */
  Superuser postgres() throws IOException {
    return Superuser.of(state, surroundings.port("WEIR_POSTGRES_PORT"));
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
    clientLoop.shutdownGracefully(0, 2_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }
}
