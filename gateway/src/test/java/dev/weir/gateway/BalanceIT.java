package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Requests of clients, spread over three endpoints as the route file says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalanceIT {
  @TempDir private static Path folder;

  private List<ScriptedUpstream> servers = List.of();
  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException {
    servers = List.of(named("a"), named("b"), named("c"));
    String endpoints =
        String.join(
            ", ",
            servers.stream().map(s -> "\"http://" + s.endpoint().authority() + "\"").toList());
    gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              turns: { endpoints: [%1$s], balance: round-robin }
              sticky: { endpoints: [%1$s], balance: { hash: "cookie:cart" } }
            routes:
              - { id: turns, match: { path: /turns }, upstream: turns, auth: none }
              - { id: sticky, match: { path: /sticky }, upstream: sticky, auth: none }
            """
                .formatted(endpoints),
            folder);
  }

  @AfterAll
  void stop() {
    gateway.close();
    servers.forEach(ScriptedUpstream::close);
  }

  private static ScriptedUpstream named(String name) {
    return ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name);
  }

  /** Returns the endpoints' names in the order in which they answered. */
  private String ask(String path, int times, String field) throws IOException {
    var names = new StringBuilder();
    try (Socket client = gateway.connect()) {
      for (int i = 0; i < times; i++) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n";
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
          text.append((char) client.getInputStream().read());
        }
        names.append((char) client.getInputStream().read());
      }
    }
    return names.toString();
  }

  @Test
  void takesTurns() throws IOException {
    assertThat(ask("/turns", 9, "")).matches("(abc){3}|(bca){3}|(cab){3}");
  }

  @Test
  void keepsACookieAtItsEndpoint() throws IOException {
    Set<String> endpoints = new HashSet<>();
    for (int cart = 0; cart < 30; cart++) {
      String answers = ask("/sticky", 4, "Cookie: theme=dark; cart=" + cart + "\r\n");
      assertThat(answers.chars().distinct().count()).isOne();
      endpoints.add(answers.substring(0, 1));
    }
    assertThat(endpoints).containsExactlyInAnyOrder("a", "b", "c");
  }
}
