package dev.weir.e2e;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shortest of drills: a gateway, the very process that ships, is told to end by a signal, as a
 * roll-out does it, while it has clients.
 */
@ExtendWith(WithWeir.class)
class RollOutE2E {
  private static final int MORE = 20;

  @TempDir private Path folder;

  private final WeirSystem system;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient manager = HttpClient.newHttpClient();
  private HttpServer upstream;

  RollOutE2E(WeirSystem system) {
    this.system = system;
  }

  @BeforeEach
  void startUpstream() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MORE);
    upstream.setExecutor(threads);
    upstream.createContext("/fast", RollOutE2E::answer);
    upstream.createContext("/slow", this::answerOnceReleased);
    upstream.start();
  }

  @AfterEach
  void stopUpstream() {
    release.countDown();
    upstream.stop(0);
    threads.close();
    manager.close();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private void answerOnceReleased(HttpExchange exchange) throws IOException {
    asked.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer(exchange);
  }

  @Test
  void aSignalEndsTheGatewayWhenItsLastAnswerIsWholeAndNotBefore() throws Exception {
    var ports = FreePort.find(3);
    var gateway = start(ports.get(0), ports.get(1), ports.get(2));
    try (var old = new Edge(system, Version.HTTP_1_1, ports.get(0));
        var young = new Edge(system, Version.HTTP_2, ports.get(0))) {
      await()
          .atMost(Duration.ofSeconds(60))
          .failFast("the gateway ended", () -> !gateway.isAlive())
          .until(() -> readiness(ports.get(2)) == 200);
      var slow = threads.submit(() -> young.get("/slow").statusCode());
      asked.await();

      gateway.destroy();
      await().until(() -> readiness(ports.get(2)) == 503);
      for (int i = 0; i < MORE; i++) {
        assertThat(old.get("/fast").statusCode()).isEqualTo(204);
        assertThat(young.get("/fast").statusCode()).isEqualTo(204);
      }
      release.countDown();
      assertThat(slow.get()).isEqualTo(204);
      assertThat(gateway.waitFor(60, SECONDS)).isTrue();
      assertThat(gateway.exitValue()).isZero();
      assertThat(Files.readString(folder.resolve("out")))
          .contains("\"edge is closed\"", "\"abandoned\":0");
    } finally {
      gateway.destroyForcibly();
    }
  }

  /** 0 while nobody listens. */
  private int readiness(int management) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/readyz".formatted(management)))
            .build();
    try {
      return manager.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  private Process start(int edge, int redirect, int management) throws IOException {
    var routes = folder.resolve("routes.yaml");
    Files.writeString(
        routes,
        """
        version: 1
        upstreams:
          only: { endpoints: ["http://127.0.0.1:%d"] }
        routes:
          - { id: open, match: { path: /** }, upstream: only, auth: none, deadline: 20s }
        """
            .formatted(upstream.getAddress().getPort()));
    var settings = new HashMap<String, String>();
    settings.put("WEIR_EDGE_PORT", Integer.toString(edge));
    settings.put("WEIR_REDIRECT_PORT", Integer.toString(redirect));
    settings.put("WEIR_MANAGEMENT_PORT", Integer.toString(management));
    settings.put("WEIR_ROUTES_FILE", routes.toString());
    settings.put("WEIR_REDIS_URI", "redis://127.0.0.1:" + system.port("WEIR_REDIS_PORT"));
    settings.put("WEIR_DRAIN_GRACE", "1s");
    settings.putAll(certificate());
    var builder =
        new ProcessBuilder(
                Checkout.java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-jar",
                Checkout.GATEWAY.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile());
    builder.environment().putAll(settings);
    return builder.start();
  }

  private Map<String, String> certificate() {
    var ca = system.state().resolve("ca");
    return Map.of(
        "WEIR_TLS_CERTIFICATE", ca.resolve("server.pem").toString(),
        "WEIR_TLS_PRIVATE_KEY", ca.resolve("server.key").toString());
  }
}
