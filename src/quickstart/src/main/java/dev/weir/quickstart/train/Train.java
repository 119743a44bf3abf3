package dev.weir.quickstart.train;

import dev.weir.quickstart.certificate.LocalAuthority;
import dev.weir.quickstart.process.FreePort;
import dev.weir.quickstart.process.Launch;
import dev.weir.quickstart.process.LogTail;
import dev.weir.quickstart.process.SocketReadiness;
import dev.weir.quickstart.store.RedisBinary;
import dev.weir.quickstart.store.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The command {@code train}: makes the AOT cache of an unpacked gateway.
 *
 * <p>The JVM itself records and writes it. What this adds is a run worth recording: TLS, both
 * protocols, tokens, Redis, refusals; not the extension host, whose classes every gateway would
 * then carry. The gateway knows nothing of it; it is started as always, in front of an upstream, an
 * issuer and a Redis of this process.
 */
public final class Train {
  private static final int FAILED = 1;
  // Beside ./weir up it gets what others leave of the cores.
  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration END = Duration.ofMinutes(10);

  private final Path application;
  private final Path folder;
  // Also read by the hook that ends them where this process is told to end.
  private final List<Process> children = new CopyOnWriteArrayList<>();

  private Train(Path application, Path folder) {
    this.application = application;
    this.folder = folder;
  }

  /** Trains the application in that folder; the cache is written beside its jar. */
  public static int run(String application) {
    try {
      var folder = Files.createTempDirectory("weir-train");
      var train = new Train(Path.of(application).toAbsolutePath().normalize(), folder);
      Runtime.getRuntime().addShutdownHook(new Thread(train::endAll, "end"));
      train.train();
      return 0;
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("weir: no AOT cache, " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private void train() throws IOException, GeneralSecurityException, InterruptedException {
    var authority = new LocalAuthority(folder.resolve("ca"), Instant.now(), new SecureRandom());
    var _ = authority.refresh();
    var issuer = TrainingIssuer.create();
    var ports = FreePort.find(4);
    int edge = ports.get(0);
    int management = ports.get(1);
    int redisPort = ports.get(3);
    var redis =
        start(
            RedisBinary.unpack(folder.resolve("redis")).launch(redisPort),
            folder.resolve("redis.log"));
    try (var upstream = TrainingUpstream.start(issuer)) {
      await(redis, SocketReadiness.redis(redisPort)::isReady, folder.resolve("redis.log"));
      var environment = new HashMap<String, String>();
      environment.put("WEIR_EDGE_PORT", text(edge));
      environment.put("WEIR_MANAGEMENT_PORT", text(management));
      environment.put("WEIR_REDIRECT_PORT", text(ports.get(2)));
      environment.put("WEIR_REDIS_URI", "redis://127.0.0.1:" + redisPort);
      environment.put("WEIR_ROUTES_FILE", routes(upstream.port()).toString());
      environment.put("WEIR_TLS_CERTIFICATE", authority.chainFile().toString());
      environment.put("WEIR_TLS_PRIVATE_KEY", authority.keyFile().toString());
      environment.put("WEIR_DRAIN_GRACE", "0s");
      record(
          environment,
          management,
          TrainingClient.trusting(authority.authorityFile(), issuer, edge, management));
    } finally {
      redis.destroy();
      redis.waitFor();
    }
  }

  private void record(Map<String, String> environment, int management, TrainingClient client)
      throws IOException, InterruptedException, GeneralSecurityException {
    var log = folder.resolve("gateway.log");
    var gateway = launch(environment, log);
    try {
      await(gateway, SocketReadiness.http(management, "/readyz")::isReady, log);
      client.run();
      // Its end is when the JVM writes the cache.
      gateway.destroy();
      if (!gateway.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the gateway did not end");
      }
      if (!Files.exists(recorded())) {
        throw new IOException("the JVM wrote none: " + LogTail.read(log, 12));
      }
      hand(recorded());
    } finally {
      gateway.destroyForcibly();
    }
  }

  private Process launch(Map<String, String> environment, Path log) throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + application.resolve("jvm.options"),
            "-XX:AOTCacheOutput=" + recorded(),
            "-jar",
            application.resolve("gateway.jar").toString());
    return start(new Launch(command, environment, "TERM"), log);
  }

  private Process start(Launch launch, Path log) throws IOException {
    var process = launch.start(log);
    children.add(process);
    return process;
  }

  /** Told to end, it leaves neither processes nor a recording behind. */
  private void endAll() {
    try {
      for (var child : children) {
        child.destroyForcibly().waitFor();
      }
      if (Files.exists(folder)) {
        Tree.delete(folder);
      }
    } catch (IOException e) {
      System.err.println("weir: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The note beside the cache, by which {@code run} knows what JVM it is for, comes last. */
  private void hand(Path made) throws IOException {
    var cache = application.resolve("gateway.aot");
    var note = application.resolve("gateway.aot.for");
    Files.deleteIfExists(note);
    Files.move(made, cache, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(
        note,
        Files.readString(Path.of(System.getProperty("java.home"), "release"))
            + Files.readString(application.resolve("jvm.options")));
  }

  private Path recorded() {
    return folder.resolve("gateway.aot");
  }

  private Path routes(int upstream) throws IOException {
    var text =
        """
        version: 1
        issuers:
          training: { issuer: "%s", jwks: "http://127.0.0.1:%d/keys", audience: "%s" }
        limits:
          address: { key: address, rate: 100000/1s, on-redis-loss: local }
          caller: { key: caller, rate: 100000/1s, on-redis-loss: local }
        upstreams:
          up: { endpoints: ["http://127.0.0.1:%d"] }
        routes:
          - { id: open, match: { path: /open }, upstream: up, auth: none, limits: [address] }
          - id: full
            match: { path: /full }
            upstream: up
            auth: { issuer: training, roles: [customer] }
            limits: [address, caller]
            retry: { attempts: 2, on: [connect, reset, 502, 503] }
        """
            .formatted(TrainingIssuer.NAME, upstream, TrainingIssuer.AUDIENCE, upstream);
    return Files.writeString(folder.resolve("routes.yaml"), text);
  }

  /** Something that tells of a process whether it serves. */
  private interface Question {
    boolean isReady(long pid);
  }

  private static void await(Process process, Question question, Path log)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!question.isReady(process.pid())) {
      if (!process.isAlive() || System.nanoTime() - begin > START.toNanos()) {
        throw new IOException("the start failed: " + LogTail.read(log, 12));
      }
      Thread.sleep(50);
    }
  }

  private static String text(int port) {
    return Integer.toString(port);
  }
}
