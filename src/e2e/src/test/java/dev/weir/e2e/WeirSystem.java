package dev.weir.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.weir.quickstart.up.PortSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The system as {@code ./weir up} starts it, on ports and in a folder of its own. */
final class WeirSystem implements AutoCloseable {
  private final Path folder;
  private final Map<String, String> environment;
  private final Process launcher;

  private WeirSystem(Path folder, Map<String, String> environment, Process launcher) {
    this.folder = folder;
    this.environment = environment;
    this.launcher = launcher;
  }

  /** Starts the system and returns once it says that it is ready. */
  static WeirSystem start() throws IOException {
    var folder = Files.createTempDirectory("weir-e2e");
    var environment = environment(folder.resolve("state"));
    var system = new WeirSystem(folder, environment, launch(environment, folder.resolve("out")));
    try {
      await()
          .atMost(Duration.ofSeconds(90))
          .failFast("the launcher ended", () -> !system.launcher.isAlive())
          .until(() -> system.output().lines().anyMatch("weir: ready"::equals));
      return system;
    } catch (RuntimeException e) {
      var output = system.output();
      system.close();
      throw new IllegalStateException(output, e);
    }
  }

  /** Variables that move everything of a run out of the way of others. */
  static Map<String, String> environment(Path state) throws IOException {
    var environment = PortSetting.elsewhere();
    environment.put("WEIR_STATE_DIR", state.toString());
    // All people of the tests come from one address.
    environment.put("WEIR_AUTH_LIMIT_REGISTER", "1000/1h");
    environment.put("WEIR_AUTH_LIMIT_LOGIN_ADDRESS", "1000/5m");
    return environment;
  }

  /** Starts the launcher; its two outputs go to one file. */
  static Process launch(Map<String, String> environment, Path output) throws IOException {
    var command =
        List.of(
            Checkout.java(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dweir.home=" + Checkout.ROOT,
            "-jar",
            Checkout.QUICKSTART.toString(),
            "up");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  int port(String variable) {
    return Integer.parseInt(environment.getOrDefault(variable, "0"));
  }

  Map<String, String> environment() {
    return environment;
  }

  Path state() {
    return folder.resolve("state");
  }

  Path routes() {
    return state().resolve("routes.yaml");
  }

  String output() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  /** The process of a part, as the file of pids names it now. */
  ProcessHandle part(String name) throws IOException {
    for (var line : Files.readAllLines(state().resolve("pids"))) {
      var fields = line.split(" ", -1);
      if (fields[0].equals(name)) {
        return ProcessHandle.of(Long.parseLong(fields[1])).orElseThrow();
      }
    }
    throw new IllegalStateException(name + " does not run");
  }

  /** Every process that belongs to the system. */
  List<ProcessHandle> processes() {
    var all = new ArrayList<>(launcher.descendants().toList());
    all.add(launcher.toHandle());
    return all;
  }

  int stop() throws InterruptedException {
    launcher.destroy();
    if (!launcher.waitFor(60, SECONDS)) {
      launcher.descendants().forEach(ProcessHandle::destroyForcibly);
      launcher.destroyForcibly();
    }
    return launcher.waitFor();
  }

  @Override
  public void close() {
    try {
      stop();
      delete(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException leftBehind) {
      // The folder of temporary files is cleaned by the system.
    }
  }
}
