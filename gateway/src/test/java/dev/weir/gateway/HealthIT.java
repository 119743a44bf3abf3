package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that checks the health of its endpoints, seen by a client. */
class HealthIT {
  @TempDir private static Path folder;

  private final Set<String> sick = ConcurrentHashMap.newKeySet();
  private final ScriptedUpstream a = named("a");
  private final ScriptedUpstream b = named("b");

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private ScriptedUpstream named(String name) {
    return ScriptedUpstream.start(
        peer -> {
          while (peer.readHead()) {
            boolean check = peer.head().startsWith("GET /healthz ");
            String status = check && sick.contains(name) ? "503 Unwell" : "200 OK";
            peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 1\r\n\r\n" + name);
          }
        });
  }

  private static String ask(LocalGateway gateway, int times) throws IOException {
    var names = new StringBuilder();
    try (Socket client = gateway.connect()) {
      for (int i = 0; i < times; i++) {
        client
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
          text.append((char) client.getInputStream().read());
        }
        names.append((char) client.getInputStream().read());
      }
    }
    return names.toString();
  }

  private static double panic(LocalGateway gateway) {
    return gateway.series("weir_upstream_panic{upstream=\"pair\"}");
  }

  private double state(LocalGateway gateway, ScriptedUpstream server) {
    return gateway.series(
        "weir_endpoint_state{endpoint=\"%s\",upstream=\"pair\"}"
            .formatted(server.endpoint().authority()));
  }

  @Test
  void passesOverTheSickAndServesThroughAllInPanic() throws IOException {
    try (LocalGateway gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              pair:
                endpoints: ["http://%s", "http://%s"]
                balance: round-robin
                health: { path: /healthz, interval: 1s, unhealthy-after: 2, healthy-after: 1 }
                slow-start: 0s
            routes:
              - { id: open, match: { path: /** }, upstream: pair, auth: none }
            """
                .formatted(a.endpoint().authority(), b.endpoint().authority()),
            folder)) {
      eventually(() -> ask(gateway, 4).matches("abab|baba"));

      sick.add("a");
      eventually(() -> state(gateway, a) == 2 && ask(gateway, 4).equals("bbbb"));
      sick.add("b");
      eventually(() -> panic(gateway) == 1 && ask(gateway, 4).matches("abab|baba"));
      assertThat(a.heads()).anyMatch(head -> head.startsWith("GET / "));

      sick.clear();
      eventually(() -> state(gateway, a) == 0 && state(gateway, b) == 0 && panic(gateway) == 0);
    }
  }

  /** A busy machine may let a check time out in between; what counts is where it settles. */
  private static void eventually(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition);
  }
}
