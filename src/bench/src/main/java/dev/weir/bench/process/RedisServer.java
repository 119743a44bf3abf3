package dev.weir.bench.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.quickstart.process.FreePort;
import dev.weir.quickstart.store.RedisBinary;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The Redis that contenders keep their buckets in, without persistence. */
public final class RedisServer {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int POLL_MILLIS = 20;

  private final Processes processes;
  private final Placement placement;
  private final Path folder;
  private final int port;
  // Replaced by the one thread that starts it again.
  private volatile Process process;

  private RedisServer(Processes processes, Placement placement, Path folder) throws IOException {
    this.processes = processes;
    this.placement = placement;
    this.folder = folder;
    this.port = FreePort.find();
    this.process = launch();
  }

  /** Starts it where it is placed and returns once it answers. */
  public static RedisServer start(Processes processes, Placement placement, Path folder)
      throws IOException, InterruptedException {
    var server = new RedisServer(processes, placement, folder);
    server.awaitAnswer();
    return server;
  }

  /** Ends it as a power cut would; what it held is lost. */
  public void kill() throws InterruptedException {
    processes.kill(process);
  }

  /** Starts it again on the same port, empty, and returns once it answers. */
  public void startAgain() throws IOException, InterruptedException {
    process = launch();
    awaitAnswer();
  }

  private Process launch() throws IOException {
    var log = folder.resolve("redis.log");
    var binary = RedisBinary.unpack(folder.resolve("redis"));
    return processes.start(placement, binary.launch(port).command(), Map.of(), log, log);
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("Redis did not start; its log is in " + folder);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  public int port() {
    return port;
  }

  /** Calls by command since its start. */
  public CommandStats stats() throws IOException {
    return CommandStats.parse(info());
  }

  private boolean answers() {
    try {
      info();
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String info() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write("INFO commandstats\r\n".getBytes(US_ASCII));
      var in = new BufferedInputStream(socket.getInputStream());
      return new String(in.readNBytes(length(in)), US_ASCII);
    }
  }

  /** Reads the head of a bulk string: {@code $123\r\n}. */
  private static int length(BufferedInputStream in) throws IOException {
    if (in.read() != '$') {
      throw new IOException("Redis did not answer with a bulk string");
    }
    int length = 0;
    for (int digit = in.read(); digit >= '0' && digit <= '9'; digit = in.read()) {
      length = length * 10 + digit - '0';
    }
    if (in.read() != '\n') {
      throw new IOException("Redis did not answer with a length");
    }
    return length;
  }
}
