package dev.weir.gateway.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server with a configuration of its own, in a folder of its own; killed with SIGKILL.
 */
final class RedisProcess implements AutoCloseable {
  private static final int LOWEST = 20_000;
  private static final int PORTS = 12_000;
  private static final int BUS = 10_000;

  private final int port;
  private final Process process;

  private RedisProcess(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  /** Starts it; {@code mode} is an option of the command line, or empty. */
  static RedisProcess start(Path root, int port, String mode, List<String> settings)
      throws IOException {
    Path folder = Files.createDirectories(root.resolve("redis-" + port));
    Path file = folder.resolve("redis.conf");
    Files.writeString(
        file,
        String.join("\n", settings) + "\nbind 127.0.0.1\ndir " + folder + "\n",
        StandardOpenOption.CREATE_NEW);
    ProcessBuilder builder = new ProcessBuilder(binary(root).toString(), file.toString());
    if (!mode.isEmpty()) {
      builder.command().add(mode);
    }
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    return new RedisProcess(port, process);
  }

  private static synchronized Path binary(Path root) throws IOException {
    Path binary = root.resolve("redis-server");
    if (!Files.exists(binary)) {
      Path unpacked = Files.createDirectories(root.resolve("unpacked"));
      Files.move(
          ExecutableProvider.newJarResourceProvider(unpacked.toFile()).get().toPath(), binary);
    }
    return binary;
  }

  /** Returns a port that is free, as is the one 10,000 above, on which a cluster talks. */
  static int freePort() {
    while (true) {
      int port = LOWEST + ThreadLocalRandom.current().nextInt(PORTS);
      if (isFree(port) && isFree(port + BUS)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Returns whether it takes connections; false once it has ended. */
  boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
