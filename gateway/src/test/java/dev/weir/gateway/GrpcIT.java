package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.Http2Call;
import dev.weir.gateway.fixture.Http2Upstream;
import dev.weir.gateway.fixture.Http2Upstream.Setup;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Calls of the shape that gRPC has, from an HTTP/2 client through the edge to an h2c upstream. */
class GrpcIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String GRPC = "application/grpc";

  @TempDir private static Path folder;
  private static Optional<LocalGateway> gateway = Optional.empty();

  private static final ConnectionProvider CLIENTS = ConnectionProvider.create("grpc-it", 2);

  private static final Http2Upstream UPSTREAM =
      Http2Upstream.start(Setup.of(GrpcIT::ended).onHead(GrpcIT::begun));

  @BeforeAll
  static void start() throws IOException {
    gateway =
        Optional.of(
            LocalGateway.serving(
                """
                version: 1
                upstreams:
                  only:
                    endpoints: ["http://127.0.0.1:%d"]
                    protocol: h2c
                    health: { path: /healthz, interval: 100ms, timeout: 100ms }
                routes:
                  - { id: open, match: { path: /** }, upstream: only, auth: none }
                """
                    .formatted(UPSTREAM.port()),
                folder,
                "--weir.drain.grace=0s"));
  }

  @AfterAll
  static void stop() {
    CLIENTS.disposeLater().block(PATIENCE);
    gateway.ifPresent(LocalGateway::close);
    UPSTREAM.close();
  }

  private static LocalGateway gateway() {
    return gateway.orElseThrow();
  }

  private static void begun(Http2Call call) {
    if (call.field(":path").equals("/pkg.Talk/Both")) {
      var _ = call.head(200, "content-type", GRPC).data("first", false);
    }
  }

  private static void ended(Http2Call call) {
    switch (call.field(":path")) {
      case "/healthz" -> call.only(200);
      case "/pkg.Orders/Get" -> {
        var _ = call.head(200, "content-type", GRPC).data("<" + call.body() + ">", false);
        call.trailers("grpc-status", "0", "grpc-message", "fine", "x-cost", "7");
      }
      case "/pkg.Talk/Both" -> call.trailers("grpc-status", "0", "x-said", call.body());
      case "/broken" -> call.reset(Http2Error.INTERNAL_ERROR);
      default -> call.only(200, "content-type", GRPC, "grpc-status", "5");
    }
  }

  private record Called(int status, HttpHeaders head, String body, HttpHeaders trailers) {}

  private static Called call(String path, Flux<ByteBuf> body) throws IOException {
    var trust = Http2SslContextSpec.forClient().configure(builder -> trust(builder)).sslContext();
    return Objects.requireNonNull(
        HttpClient.create(CLIENTS)
            .protocol(HttpProtocol.H2)
            .secure(spec -> spec.sslContext(trust))
            .headers(head -> head.set("content-type", GRPC).set("te", "trailers"))
            .post()
            .uri("https://localhost:" + gateway().port() + path)
            .send(body)
            .responseSingle(
                (head, content) ->
                    content
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(
                            text ->
                                head.trailerHeaders()
                                    .map(
                                        trailers ->
                                            new Called(
                                                head.status().code(),
                                                head.responseHeaders(),
                                                text,
                                                trailers))))
            .block(PATIENCE));
  }

  private static void trust(SslContextBuilder builder) {
    builder.trustManager(gateway().certificate().certificate());
  }

  private static Flux<ByteBuf> bytes(String... parts) {
    return ByteBufFlux.fromString(Flux.just(parts));
  }

  @Test
  void statusOfACallComesBehindItsBody() throws IOException {
    Called called = call("/pkg.Orders/Get", bytes("or", "der"));

    assertThat(called.status()).isEqualTo(200);
    assertThat(called.head().get("content-type")).isEqualTo(GRPC);
    assertThat(called.body()).isEqualTo("<order>");
    assertThat(called.trailers().get("grpc-status")).isEqualTo("0");
    assertThat(called.trailers().get("grpc-message")).isEqualTo("fine");
    assertThat(called.trailers().get("x-cost")).isEqualTo("7");
    Http2Call seen =
        UPSTREAM.calls().stream()
            .filter(made -> made.field(":path").equals("/pkg.Orders/Get"))
            .findFirst()
            .orElseThrow();
    assertThat(seen.field("te")).isEqualTo("trailers");
    assertThat(seen.field("content-type")).isEqualTo(GRPC);
  }

  @Test
  void answerOfTrailersAloneIsAHead() throws IOException {
    Called called = call("/pkg.Orders/Nothing", bytes("x"));

    assertThat(called.head().get("grpc-status")).isEqualTo("5");
    assertThat(called.body()).isEmpty();
  }

  @Test
  void bothSidesTalkAtOnce() throws IOException {
    Sinks.One<ByteBuf> heard = Sinks.one();
    Flux<ByteBuf> said = Flux.concat(bytes("hello"), heard.asMono());
    var trust = Http2SslContextSpec.forClient().configure(builder -> trust(builder)).sslContext();
    String repeated =
        HttpClient.create(CLIENTS)
            .protocol(HttpProtocol.H2)
            .secure(spec -> spec.sslContext(trust))
            .post()
            .uri("https://localhost:" + gateway().port() + "/pkg.Talk/Both")
            .send(said)
            .response(
                (head, content) ->
                    content
                        .asString()
                        .doOnNext(_ -> bytes("bye").subscribe(heard::tryEmitValue))
                        .ignoreElements()
                        .then(head.trailerHeaders())
                        .map(trailers -> String.valueOf(trailers.get("x-said"))))
            .blockLast(PATIENCE);

    assertThat(repeated).isEqualTo("hellobye");
  }

  @Test
  void resetIsAProblemWithItsCode() throws IOException {
    Called called = call("/broken", bytes("x"));

    assertThat(called.status()).isEqualTo(502);
    assertThat(called.body()).contains("\"code\":\"upstream-reset\"");
  }

  @Test
  void clientOfHttp1GetsTheBodyAlone() throws IOException {
    try (Socket client = gateway().connect()) {
      client
          .getOutputStream()
          .write(
              "POST /pkg.Orders/Get HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(answer).startsWith("HTTP/1.1 200 ").contains("<x>").endsWith("\r\n0\r\n\r\n");
      assertThat(answer).doesNotContain("grpc-status");
    }
  }

  @Test
  void healthIsAskedOverHttp2() {
    await()
        .until(
            () ->
                gateway()
                        .series(
                            "weir_health_checks_total{endpoint=\"127.0.0.1:%d\",outcome=\"ok\",upstream=\"only\"}"
                                .formatted(UPSTREAM.port()))
                    > 1);
  }
}
