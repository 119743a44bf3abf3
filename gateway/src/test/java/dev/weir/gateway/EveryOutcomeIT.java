package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Whatever ends a request or a connection, a meter tells of it, and tells whose doing it was. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOutcomeIT {
  @TempDir private static Path folder;

  private DisposableServer upstream;
  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException {
    upstream =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                r ->
                    r.get("/silent", (request, response) -> Mono.never())
                        .get(
                            "/endless",
                            (request, response) ->
                                response.send(first().concatWith(Flux.never()), buffer -> true))
                        .get(
                            "/cut",
                            (request, response) ->
                                response
                                    .header("Content-Length", "100")
                                    .send(
                                        first().concatWith(Mono.error(new IOException("gone"))),
                                        buffer -> true)))
            .bindNow();
    gateway = LocalGateway.before(upstream.port(), folder, "--weir.drain.grace=0s");
  }

  @AfterAll
  void stop() {
    gateway.close();
    upstream.disposeNow();
  }

  @ParameterizedTest
  @CsvSource({"target,414", "field,431", "line,400"})
  void countsWhatTheServerRefusesByItself(String what, int status) throws IOException {
    double before = gateway.refusals("bad-request", "client", "-");
    String request =
        switch (what) {
          case "target" -> "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
          case "field" ->
              "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n";
          default -> "NOT HTTP\r\n\r\n";
        };
    try (Socket client = send(request)) {
      assertThat(all(client)).startsWith("HTTP/1.1 " + status + " ");
    }
    await().until(() -> gateway.refusals("bad-request", "client", "-") == before + 1);
  }

  @Test
  void takesABrokenChunkForTheClientsFault() throws IOException {
    String head = "POST /silent HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (Socket client = send(head + "zz\r\nabc\r\n")) {
      assertThat(all(client)).startsWith("HTTP/1.1 400 ");
    }
    await().until(() -> gateway.refusals("bad-request", "client", "open") == 1);
    assertThat(gateway.refusals("internal", "gateway", "open")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"/silent", "/endless"})
  void tellsAClientThatGoesAwayFromAnAnswer(String path) throws IOException {
    double before = gateway.refusals("client-aborted", "client", "open");
    double answered = gateway.ended("2xx", "open");
    Socket client = send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    if (path.equals("/endless")) {
      assertThat(client.getInputStream().read()).isPositive();
    } else {
      await().until(() -> gateway.series("weir_inflight_requests") > 0);
    }
    client.close();
    await().until(() -> gateway.refusals("client-aborted", "client", "open") == before + 1);
    assertThat(gateway.ended("2xx", "open")).isEqualTo(answered);
    assertThat(gateway.ended("aborted", "open")).isPositive();
  }

  @Test
  void countsAnAnswerThatTheUpstreamCutsOffAsFailed() throws IOException {
    try (Socket client = send("GET /cut HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(all(client)).startsWith("HTTP/1.1 200 ").endsWith("first");
    }
    await().until(() -> gateway.refusals("upstream-reset", "upstream", "open") == 1);
    assertThat(gateway.ended("5xx", "open")).isEqualTo(1);
  }

  @Test
  void countsHandshakesThatFail() throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.edge())) {
      client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      all(client);
    }
    await().until(() -> gateway.series("weir_tls_handshake_failures_total") == 1);
  }

  private static Flux<ByteBuf> first() {
    return Flux.just(Unpooled.copiedBuffer("first", StandardCharsets.US_ASCII));
  }

  private Socket send(String request) throws IOException {
    Socket client = gateway.connect();
    client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
    return client;
  }

  private static String all(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder text = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (javax.net.ssl.SSLException cutOff) {
      // A connection that is closed without TLS's farewell.
    }
    return text.toString();
  }
}
