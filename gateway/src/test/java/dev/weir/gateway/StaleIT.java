package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Last good answers where an upstream fails, with real sockets at both ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaleIT {
  private static final String UNWELL = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
  private static final String LARGE = "x".repeat(50_000);

  @TempDir private static Path folder;

  private enum State {
    WELL,
    UNWELL,
    RESETTING
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WELL);
  private final ScriptedUpstream upstream = ScriptedUpstream.start(this::play);

  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException {
    gateway = LocalGateway.serving(routes("10m"), folder);
  }

  @AfterAll
  void stop() {
    gateway.close();
    upstream.close();
  }

  private String routes(String within) {
    return """
        version: 1
        upstreams:
          shop:
            endpoints: ["http://%s"]
            breaker: { window: 1000, minimum-calls: 1000 }
        routes:
          - id: shop
            match: { path: /shop/** }
            upstream: shop
            auth: none
            fallback: { stale: 10m }
          - id: moody
            match: { path: /moody }
            upstream: shop
            auth: none
            fallback: { stale: %s, body: '{"sorry":true}' }
        """
        .formatted(upstream.endpoint().authority(), within);
  }

  /** Answers with what it was asked for, as upstreams do that make links of it. */
  private void play(ScriptedUpstream.Peer peer) throws IOException {
    while (peer.readHead()) {
      switch (state.get()) {
        case UNWELL -> peer.write(UNWELL);
        case RESETTING -> peer.reset();
        case WELL -> peer.write(answer(peer.head()));
      }
    }
  }

  private static String answer(String head) {
    String path = head.split(" ", 3)[1];
    if (path.endsWith("/large")) {
      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n3\r\nend\r\n0\r\n\r\n"
          .formatted(LARGE.length(), LARGE);
    }
    String body =
        head.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("x-forwarded-host"))
            .findFirst()
            .map(line -> path + " at " + line.substring(line.indexOf(':') + 2))
            .orElse(path);
    return "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private String ask(String method, String target, String fields) throws IOException {
    try (Socket client = gateway.connect()) {
      String request = method + " " + target + " HTTP/1.1\r\nConnection: close\r\n" + fields;
      client.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private String get(String target, String... fields) throws IOException {
    return ask("GET", target, "Host: localhost\r\n" + String.join("", fields));
  }

  @Test
  void givesTheLastGoodAnswerWhileTheUpstreamIsUnwell() throws IOException {
    state.set(State.WELL);
    assertThat(get("/shop/page?x=1"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .doesNotContainIgnoringCase("\r\nage:")
        .endsWith("\r\n\r\n/shop/page?x=1 at localhost");
    state.set(State.UNWELL);

    assertThat(get("/shop/page?x=1"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\nage: ")
        .containsIgnoringCase("\r\ndate: ")
        .containsIgnoringCase("\r\netag: \"1\"\r\n")
        .containsIgnoringCase("\r\ncontent-length: 27\r\n")
        .endsWith("\r\n\r\n/shop/page?x=1 at localhost");
    assertThat(ask("HEAD", "/shop/page?x=1", "Host: localhost\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\ncontent-length: 27\r\n")
        .endsWith("\r\n\r\n");
    assertThat(get("/shop/page?x=2")).startsWith("HTTP/1.1 503 ").endsWith("busy");
    assertThat(gateway.series("weir_fallbacks_total{cause=\"upstream-error\",route=\"shop\"}"))
        .isGreaterThanOrEqualTo(2);
    assertThat(gateway.series("weir_stale_answers")).isGreaterThanOrEqualTo(1);
    assertThat(gateway.series("weir_stale_bytes")).isGreaterThan(1_000);
  }

  @Test
  void givesALongAnswerWhoseLengthWasNotKnown() throws IOException {
    state.set(State.WELL);
    assertThat(get("/shop/large")).containsIgnoringCase("transfer-encoding: chunked");
    state.set(State.RESETTING);

    assertThat(get("/shop/large"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\ncontent-length: 50003\r\n")
        .endsWith(LARGE + "end");
  }

  @Test
  void isNotPoisonedThroughFieldsOrPorts() throws IOException {
    state.set(State.WELL);
    assertThat(get("/shop/links", "X-Forwarded-Host: evil.example\r\n")).endsWith("at localhost");
    assertThat(ask("GET", "/shop/links", "Host: localhost:1337\r\n")).endsWith(":1337");
    assertThat(get("/shop/part", "Range: bytes=0-0\r\n")).startsWith("HTTP/1.1 200 ");
    state.set(State.RESETTING);

    assertThat(get("/shop/links")).endsWith("/shop/links at localhost");
    assertThat(ask("GET", "/shop/links", "Host: localhost:1337\r\n")).endsWith(":1337");
    assertThat(ask("GET", "/shop/links", "Host: other\r\n")).startsWith("HTTP/1.1 502 ");
    assertThat(get("/shop/part")).startsWith("HTTP/1.1 502 ");
  }

  @Test
  void givesNobodyWhatWasForAnother() throws IOException {
    state.set(State.WELL);
    get("/shop/mine", "Cookie: id=1\r\n");
    get("/shop/yours", "Authorization: Basic YTpi\r\n");
    state.set(State.RESETTING);

    assertThat(get("/shop/mine")).startsWith("HTTP/1.1 502 ");
    assertThat(get("/shop/yours")).startsWith("HTTP/1.1 502 ");
  }

  @Test
  void forgetsWithTheRoutesChangeAndGoesOnToTheNextResort() throws IOException {
    state.set(State.WELL);
    get("/moody");
    get("/shop/stays");
    state.set(State.RESETTING);
    assertThat(get("/moody")).endsWith("/moody at localhost");

    Files.writeString(folder.resolve("routes.yaml"), routes("5m"));
    await().until(() -> gateway.series("weir_route_generation") > 1);

    assertThat(get("/moody")).startsWith("HTTP/1.1 200 ").endsWith("{\"sorry\":true}");
    assertThat(get("/shop/stays")).endsWith("/shop/stays at localhost");
  }
}
