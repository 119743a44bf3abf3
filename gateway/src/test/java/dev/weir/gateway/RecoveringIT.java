package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fallbacks, hedges and the bound on an upstream's requests, with real sockets at both ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveringIT {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

  @TempDir private static Path folder;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicBoolean stuck = new AtomicBoolean();
  private final ScriptedUpstream spare = ScriptedUpstream.answering(OK + "sp");
  private final ScriptedUpstream unwell =
      ScriptedUpstream.answering("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
  private final ScriptedUpstream gated =
      ScriptedUpstream.start(
          peer -> {
            while (peer.readHead()) {
              pass();
              peer.write(OK + "ok");
            }
          });
  private final ScriptedUpstream left = ScriptedUpstream.start(this::standStillOnce);
  private final ScriptedUpstream right = ScriptedUpstream.start(this::standStillOnce);

  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException {
    gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              dead: { endpoints: ["http://127.0.0.1:1"] }
              unwell: { endpoints: ["http://%s"] }
              spare: { endpoints: ["http://%s"] }
              gated: { endpoints: ["http://%s"], max-requests: 1 }
              pair: { endpoints: ["http://%s", "http://%s"], balance: round-robin }
            routes:
              - id: fixed
                match: { path: /fixed }
                upstream: dead
                auth: none
                fallback: { body: '{"items":[]}' }
              - id: sorry
                match: { path: /sorry }
                upstream: unwell
                auth: none
                fallback: { status: 503, content-type: text/plain, body: "Back soon." }
              - id: elsewhere
                match: { path: /elsewhere }
                upstream: dead
                auth: none
                fallback: { upstream: spare }
              - { id: gated, match: { path: /gated }, upstream: gated, auth: none }
              - id: hedged
                match: { path: /hedged }
                upstream: pair
                auth: none
                hedge: { percentile: 95 }
            """
                .formatted(
                    unwell.endpoint().authority(),
                    spare.endpoint().authority(),
                    gated.endpoint().authority(),
                    left.endpoint().authority(),
                    right.endpoint().authority()),
            folder);
  }

  @AfterAll
  void stop() {
    gate.countDown();
    gateway.close();
    spare.close();
    unwell.close();
    gated.close();
    left.close();
    right.close();
  }

  private void pass() throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Answers at once, but for the first request that asks for it to be slow. */
  private void standStillOnce(ScriptedUpstream.Peer peer) throws IOException {
    while (peer.readHead()) {
      if (peer.head().contains("?slow") && stuck.compareAndSet(false, true)) {
        peer.awaitClose();
        return;
      }
      peer.write(OK + "ok");
    }
  }

  private String ask(String method, String path) throws IOException {
    try (Socket client = gateway.connect()) {
      send(client, method, path, "Connection: close\r\n");
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void send(Socket client, String method, String path, String fields)
      throws IOException {
    String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads an answer with a body of two bytes. */
  private static String read(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      text.append((char) in.read());
    }
    return text + new String(in.readNBytes(2), StandardCharsets.US_ASCII);
  }

  @Test
  void answersFromTheRouteFileWhereTheUpstreamIsDead() throws IOException {
    assertThat(ask("GET", "/fixed"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("content-type: application/json\r\n")
        .containsIgnoringCase("cache-control: no-store\r\n")
        .endsWith("\r\n\r\n{\"items\":[]}");
    assertThat(ask("HEAD", "/fixed"))
        .containsIgnoringCase("content-length: 12\r\n")
        .endsWith("\r\n\r\n");
    assertThat(
            gateway.series("weir_fallbacks_total{cause=\"upstream-unreachable\",route=\"fixed\"}"))
        .isEqualTo(2);
    assertThat(gateway.refusals("upstream-unreachable", "upstream", "fixed")).isZero();
  }

  @Test
  void answersFromTheRouteFileWhereTheUpstreamIsUnwell() throws IOException {
    assertThat(ask("GET", "/sorry")).startsWith("HTTP/1.1 503 ").endsWith("\r\n\r\nBack soon.");
    assertThat(gateway.series("weir_fallbacks_total{cause=\"upstream-error\",route=\"sorry\"}"))
        .isOne();
  }

  @Test
  void asksTheOtherUpstreamWhereTheFirstIsDead() throws IOException {
    assertThat(ask("POST", "/elsewhere")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nsp");
  }

  @Test
  void refusesWhatIsBeyondTheUpstreamsBound() throws IOException {
    try (Socket first = gateway.connect()) {
      send(first, "GET", "/gated", "");
      await().until(() -> gated.heads().size() == 1);

      assertThat(ask("GET", "/gated"))
          .startsWith("HTTP/1.1 503 ")
          .containsIgnoringCase("retry-after: 1\r\n")
          .contains("\"code\":\"upstream-busy\"")
          .contains("as many requests as it may have");
      gate.countDown();
      assertThat(read(first)).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }
    // The place is free again once the answer's last byte is out.
    await().until(() -> ask("GET", "/gated").startsWith("HTTP/1.1 200 "));
    assertThat(gateway.refusals("upstream-busy", "upstream", "gated")).isGreaterThanOrEqualTo(1);
  }

  @Test
  void asksAnotherEndpointWhereOneStandsStill() throws IOException {
    try (Socket client = gateway.connect()) {
      for (int i = 0; i < 64; i++) {
        send(client, "GET", "/hedged", "");
        read(client);
      }
      send(client, "GET", "/hedged?slow", "");
      assertThat(read(client)).startsWith("HTTP/1.1 200 ").endsWith("ok");
    }
    assertThat(gateway.series("weir_hedges_total{outcome=\"won\",upstream=\"pair\"}")).isOne();
    // Nobody waits for the one that lost.
    await().until(() -> left.open() + right.open() < left.accepted() + right.accepted());
  }
}
