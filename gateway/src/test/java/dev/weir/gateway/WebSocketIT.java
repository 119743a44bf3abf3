package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** WebSockets through the edge: what both sides say, and how they end. */
class WebSocketIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  private final BlockingQueue<WebSocketCloseStatus> upstreamHeard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> upstreamAsked = new LinkedBlockingQueue<>();
  private DisposableServer upstream;
  private LocalGateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                routes ->
                    routes
                        .get("/plain", (request, response) -> response.sendString(Mono.just("ok")))
                        .get("/no", (request, response) -> response.status(403).send())
                        .ws(
                            "/echo",
                            this::echo,
                            WebsocketServerSpec.builder().protocols("chat").build()))
            .bindNow();
    gateway =
        LocalGateway.serving(
            """
            version: 1
            upstreams:
              only: { endpoints: ["http://127.0.0.1:%d"] }
              gone: { endpoints: ["http://127.0.0.1:1"] }
            routes:
              - { id: talk, match: { path: /talk/** }, upstream: only, auth: none, strip-prefix: /talk,
                  max-websockets: 2, deadline: 5s }
              - { id: gone, match: { path: /gone }, upstream: gone, auth: none, max-websockets: 2 }
              - { id: closed, match: { path: /closed/** }, upstream: only, auth: none }
            """
                .formatted(upstream.port()),
            folder,
            "--weir.drain.grace=200ms",
            "--weir.edge.request-timeout=400ms",
            "--weir.edge.idle-timeout=400ms",
            "--weir.admission.minimum=1",
            "--weir.admission.initial=1",
            "--weir.admission.maximum=1");
  }

  private Publisher<Void> echo(WebsocketInbound in, WebsocketOutbound out) {
    upstreamAsked.add(
        in.headers().get("x-hello", "") + " " + in.headers().get("x-forwarded-for", ""));
    in.receiveCloseStatus().subscribe(upstreamHeard::add);
    return out.sendObject(in.receiveFrames().map(WebSocketFrame::retain), frame -> true);
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.disposeNow();
  }

  @Test
  void passesFramesOnAsTheyAre() throws Exception {
    Client client = connect("/talk/echo");
    client.send(new TextWebSocketFrame("hello"));
    assertThat(client.frames.poll(10, TimeUnit.SECONDS)).isEqualTo("TextWebSocketFrame hello");
    client.send(new BinaryWebSocketFrame(bytes("bin")));
    assertThat(client.frames.poll(10, TimeUnit.SECONDS)).isEqualTo("BinaryWebSocketFrame bin");
    client.send(new PingWebSocketFrame(bytes("p")));
    assertThat(client.frames.poll(10, TimeUnit.SECONDS)).isEqualTo("PongWebSocketFrame p");
    assertThat(client.protocol()).isEqualTo("chat");
    assertThat(upstreamAsked.poll(10, TimeUnit.SECONDS)).isEqualTo("there 127.0.0.1");
  }

  @Test
  void tellsTheUpstreamWhyTheClientClosed() throws Exception {
    Client client = connect("/talk/echo");
    client.close(4001, "enough");
    WebSocketCloseStatus heard = upstreamHeard.poll(10, TimeUnit.SECONDS);
    assertThat(heard).isNotNull();
    assertThat(heard.code()).isEqualTo(4001);
    await().untilAsserted(() -> assertThat(gateway.ended("1xx", "talk")).isEqualTo(1));
  }

  @Test
  void saysGoingAwayToBothSidesWhenTheGatewayDrains() throws Exception {
    Client client = connect("/talk/echo");
    CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
    assertThat(client.closed).succeedsWithin(PATIENCE).isEqualTo(1001);
    WebSocketCloseStatus heard = upstreamHeard.poll(10, TimeUnit.SECONDS);
    assertThat(heard).isNotNull();
    assertThat(heard.code()).isEqualTo(1001);
    assertThat(closed).succeedsWithin(PATIENCE);
  }

  @Test
  void holdsNoPermitAndOutlivesTheTimeOutsOfRequests() throws Exception {
    Client client = connect("/talk/echo");
    // The one permit of this gateway is free again, or this would be shed.
    assertThat(status("/talk/plain")).isEqualTo(200);
    // Until a connection of HTTP that is as old is closed as idle, which then is what time it is.
    try (var idle = gateway.connect()) {
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
    }
    client.send(new TextWebSocketFrame("still"));
    assertThat(client.frames.poll(10, TimeUnit.SECONDS)).isEqualTo("TextWebSocketFrame still");
  }

  @Test
  void opensNoMoreThanTheRouteTakes() {
    connect("/talk/echo");
    Client second = connect("/talk/echo");
    assertThat(gateway.series("weir_websockets_open")).isEqualTo(2);
    assertThat(refusal("/talk/echo")).isEqualTo(503);
    second.close(1000, "");
    await().untilAsserted(() -> connect("/talk/echo"));
  }

  @Test
  void refusesWhereNobodyTakesThem() {
    assertThat(refusal("/closed/echo")).isEqualTo(501);
    assertThat(refusal("/talk/no")).as("as the upstream says").isEqualTo(403);
    assertThat(refusal("/gone")).isEqualTo(502);
    assertThat(status("/talk/plain")).as("others pass").isEqualTo(200);
  }

  /** None of them is the endpoint's doing, so its breaker counts none. */
  @Test
  void blamesNoEndpointForWhatAClientAsks() throws IOException {
    for (int i = 0; i < 12; i++) {
      assertThat(rawHandshake("/talk/echo?x=\"", "chat")).startsWith("HTTP/1.1 400 ");
      assertThat(rawHandshake("/talk/echo", "unheard-of")).startsWith("HTTP/1.1 502 ");
    }
    assertThat(status("/talk/plain")).isEqualTo(200);
    assertThat(connect("/talk/echo")).isNotNull();
  }

  private String rawHandshake(String target, String protocol) throws IOException {
    String ask =
        """
        GET %s HTTP/1.1\r
        Host: localhost\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: %s\r
        \r
        """
            .formatted(target, protocol);
    try (Socket socket = gateway.connect()) {
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(16), StandardCharsets.US_ASCII);
    }
  }

  private int refusal(String path) {
    Throwable refused = Exceptions.unwrap(catchThrowable(() -> connect(path)));
    assertThat(refused).isInstanceOf(WebSocketClientHandshakeException.class);
    HttpResponse answer = ((WebSocketClientHandshakeException) refused).response();
    return answer == null ? 0 : answer.status().code();
  }

  private int status(String path) {
    return client()
        .get()
        .uri("https://localhost:" + gateway.edge() + path)
        .responseSingle((head, body) -> body.then(Mono.just(head.status().code())))
        .blockOptional(PATIENCE)
        .orElse(0);
  }

  private HttpClient client() {
    return HttpClient.newConnection().secure(spec -> spec.sslContext(trusting()));
  }

  private GenericSslContextSpec<?> trusting() {
    return Http11SslContextSpec.forClient().configure(this::trust);
  }

  private void trust(SslContextBuilder builder) {
    builder.trustManager(gateway.certificate().certificate());
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private Client connect(String path) {
    Connection connection =
        client()
            .headers(headers -> headers.set("X-Hello", "there"))
            .websocket(WebsocketClientSpec.builder().protocols("chat").handlePing(true).build())
            .uri("wss://localhost:" + gateway.edge() + path)
            .connect()
            .blockOptional(PATIENCE)
            .orElseThrow();
    return new Client(connection);
  }

  /** One side of a WebSocket. */
  private static final class Client {
    private final Connection connection;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    Client(Connection connection) {
      this.connection = connection;
      in().receiveCloseStatus().subscribe(status -> closed.complete(status.code()));
      in().receiveFrames().subscribe(frame -> frames.add(text(frame)));
    }

    private static String text(WebSocketFrame frame) {
      return frame.getClass().getSimpleName()
          + " "
          + frame.content().toString(StandardCharsets.UTF_8);
    }

    private WebsocketInbound in() {
      return (WebsocketInbound) connection;
    }

    String protocol() {
      return String.valueOf(in().selectedSubprotocol());
    }

    void send(WebSocketFrame frame) {
      ((WebsocketOutbound) connection).sendObject(frame).then().block(PATIENCE);
    }

    void close(int code, String reason) {
      ((WebsocketOutbound) connection).sendClose(code, reason).block(PATIENCE);
    }
  }
}
