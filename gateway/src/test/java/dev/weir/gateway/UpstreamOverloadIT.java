package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** More than an upstream can serve, with real sockets at both ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamOverloadIT {
  private static final int WORKERS = 4;
  private static final long SERVICE_NANOS = Duration.ofMillis(20).toNanos();
  private static final int CLIENTS = 40;
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

  @TempDir private static Path folder;

  private final Semaphore workers = new Semaphore(WORKERS, true);
  private final ScriptedUpstream busy = ScriptedUpstream.start(this::work);
  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException {
    gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              busy: { endpoints: ["http://%s"] }
            routes:
              - { id: low, match: { path: /low }, upstream: busy, auth: none, priority: low }
              - { id: dear, match: { path: /dear }, upstream: busy, auth: none, priority: critical }
            """
                .formatted(busy.endpoint().authority()),
            folder);
  }

  @AfterAll
  void stop() {
    gateway.close();
    busy.close();
  }

  /** Takes its time for each request, of which it works on a few at once. */
  private void work(ScriptedUpstream.Peer peer) throws IOException {
    while (peer.readHead()) {
      workers.acquireUninterruptibly();
      long end = System.nanoTime() + SERVICE_NANOS;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      workers.release();
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }

  @Test
  void refusesWhatTheUpstreamCannotServeAndKeepsRoomForWhatIsCritical() throws Exception {
    var refused = new AtomicReference<Optional<String>>(Optional.empty());
    var over = new AtomicBoolean();
    ask("/low");
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().start(() -> askOn(over, refused)));
    }
    await().until(() -> refused.get().isPresent());
    await().until(() -> gateway.series("weir_upstream_limit{upstream=\"busy\"}") < CLIENTS);
    assertThat(ask("/dear")).startsWith("HTTP/1.1 200 ");
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }

    assertThat(refused.get().orElseThrow())
        .startsWith("HTTP/1.1 503 ")
        .containsPattern("(?i)retry-after: [1-4]\r\n")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"code\":\"upstream-overloaded\"");
    assertThat(gateway.refusals("upstream-overloaded", "upstream", "low")).isPositive();
    assertThat(gateway.series("weir_upstream_shed_total{priority=\"low\",upstream=\"busy\"}"))
        .isPositive();
    assertThat(gateway.series("weir_upstream_shed_total{priority=\"critical\",upstream=\"busy\"}"))
        .isZero();
    await().until(() -> gateway.series("weir_upstream_waiting{upstream=\"busy\"}") == 0);
  }

  private void askOn(AtomicBoolean over, AtomicReference<Optional<String>> refused) {
    try (Socket client = gateway.connect()) {
      while (!over.get()) {
        String answer = ask(client, "/low");
        if (answer.contains("upstream-overloaded")) {
          refused.set(Optional.of(answer));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String ask(String path) throws IOException {
    try (Socket client = gateway.connect()) {
      return ask(client, path);
    }
  }

  private static String ask(Socket client, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = client.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after " + head);
      }
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    int bytes = length.find() ? Integer.parseInt(length.group(1)) : 0;
    return head + new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
  }
}
