package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.control.EdgeServer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole gateway over sockets, without Redis and without an issuer: what holds for every route.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {
  @TempDir private static Path folder;

  private static final int FLOOD_CHUNK = 64 * 1024;
  private static final int FLOOD_CHUNKS = 4096;
  private final AtomicInteger flooded = new AtomicInteger();
  private final AtomicReference<BaseSubscriber<ByteBuf>> clients = new AtomicReference<>();
  private DisposableServer upstream;
  private LocalGateway gateway;
  private Path routes;

  /** What came back. */
  private record Answer(HttpClientResponse head, String body) {
    int status() {
      return head.status().code();
    }

    String field(String name) {
      return head.responseHeaders().get(name, "");
    }

    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }
  }

  @BeforeAll
  void start() throws IOException {
    upstream =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                r ->
                    r.get(
                            "/public/fields",
                            (request, response) ->
                                response
                                    .header("Server", "secret/1.0")
                                    .header("X-Powered-By", "secret")
                                    .sendString(
                                        Mono.just(request.requestHeaders().entries().toString())))
                        .get(
                            "/public/moved",
                            (request, response) ->
                                response.sendString(Mono.just("moved " + request.uri())))
                        .get(
                            "/public/stream",
                            (request, response) ->
                                response.sendString(Flux.range(0, 50).map(i -> "line " + i + "\n")))
                        .get(
                            "/public/flood",
                            (request, response) ->
                                response.send(
                                    Flux.range(0, FLOOD_CHUNKS)
                                        .doOnNext(i -> flooded.set(i + 1))
                                        .map(i -> Unpooled.wrappedBuffer(new byte[FLOOD_CHUNK])),
                                    buffer -> true))
                        .post(
                            "/public/count",
                            (request, response) ->
                                response.sendString(
                                    request
                                        .receive()
                                        .asByteArray()
                                        .reduce(0L, (sum, bytes) -> sum + bytes.length)
                                        .map(String::valueOf))))
            .bindNow();
    routes = folder.resolve("routes.yaml");
    gateway = LocalGateway.serving(file(""), folder, "--weir.drain.grace=0s");
  }

  @AfterAll
  void stop() {
    gateway.close();
    upstream.disposeNow();
  }

  private String file(String more) {
    return """
        version: 1
        upstreams:
          echo: { endpoints: ["http://127.0.0.1:%d"] }
          gone: { endpoints: ["http://127.0.0.1:1"] }
        routes:
          - id: public
            match: { path: /public/**, methods: [GET, POST] }
            upstream: echo
            auth: none
            max-body: 1KiB
          - id: gone
            match: { path: /gone/** }
            upstream: gone
            auth: none
          - id: hosted
            match: { path: /hosted/** }
            upstream: echo
            auth: none
            filters:
              - AddResponseHeader=X-Hosted, yes
              - RewritePath=/hosted/(?<rest>.*), /public/$\\{rest}
        %s"""
        .formatted(upstream.port(), more);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void proxiesAndHardens(HttpProtocol protocol) {
    Answer answer = get(protocol, "/public/fields");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("X-Forwarded-For=127.0.0.1".toLowerCase(java.util.Locale.ROOT));
    assertThat(answer.field("strict-transport-security")).startsWith("max-age=31536000");
    assertThat(answer.field("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.field("x-request-id")).matches("[0-9a-f]{32}");
    assertThat(answer.body()).contains(answer.field("x-request-id"));
    assertThat(answer.field("server")).isEmpty();
    assertThat(answer.field("x-powered-by")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void streams(HttpProtocol protocol) {
    Answer answer = get(protocol, "/public/stream");
    assertThat(answer.body().lines()).hasSize(50).last().isEqualTo("line 49");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void holdsAnUpstreamBackWhileTheClientDoesNotRead(HttpProtocol protocol) {
    flooded.set(0);
    AtomicLong received = new AtomicLong();
    client(protocol)
        .get()
        .uri("https://localhost:" + gateway.edge() + "/public/flood")
        .responseContent()
        .subscribe(
            new BaseSubscriber<ByteBuf>() {
              @Override
              protected void hookOnSubscribe(Subscription subscription) {
                request(1);
              }

              @Override
              protected void hookOnNext(ByteBuf buffer) {
                if (received.addAndGet(buffer.readableBytes()) < 0) {
                  request(1);
                }
                clients.set(this);
              }
            });
    // All sockets on the way are full once the upstream's count stands still.
    AtomicInteger before = new AtomicInteger(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> received.get() > 0 && flooded.get() == before.getAndSet(flooded.get()));
    assertThat((long) flooded.get() * FLOOD_CHUNK).isLessThan(64L * 1024 * 1024);
    clients.get().cancel();
  }

  @Test
  void answersProblemsForWhatNoRouteTakes() {
    Answer answer = get(HttpProtocol.H2, "/nowhere");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.field("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().get("code").asString()).isEqualTo("route-not-found");
    assertThat(answer.json().get("instance").asString())
        .isEqualTo("urn:weir:request:" + answer.field("x-request-id"));
  }

  @Test
  void namesTheMethodsThatAPathTakes() {
    Answer answer = send(HttpProtocol.HTTP11, HttpMethod.DELETE, "/public/fields", Flux.empty());
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("allow")).contains("GET", "POST");
  }

  @Test
  void refusesAmbiguousPaths() {
    assertThat(get(HttpProtocol.H2, "/public/%2e%2e/%2e%2e/x").status()).isEqualTo(400);
    assertThat(get(HttpProtocol.H2, "/public/a%2fb").json().get("code").asString())
        .isEqualTo("bad-request");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void boundsBodiesWithoutADeclaredLength(HttpProtocol protocol) {
    Flux<ByteBuf> small = Flux.range(0, 10).map(i -> chunk(100));
    Flux<ByteBuf> large = Flux.range(0, 100).map(i -> chunk(100));
    assertThat(send(protocol, HttpMethod.POST, "/public/count", small).body()).isEqualTo("1000");
    Answer refused = send(protocol, HttpMethod.POST, "/public/count", large);
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.json().get("code").asString()).isEqualTo("body-too-large");
  }

  @Test
  void tellsADeadUpstreamFromABreaker() {
    Answer answer = get(HttpProtocol.HTTP11, "/gone/x");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.json().get("code").asString()).isEqualTo("upstream-unreachable");
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void passesThroughTheExtensionHost(HttpProtocol protocol) {
    Answer answer = get(protocol, "/hosted/moved?x=%7B1%7D");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("x-hosted")).isEqualTo("yes");
    assertThat(answer.body()).isEqualTo("moved /public/moved?x=%7B1%7D");
    assertThat(answer.field("x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void neverShowsManagementThroughTheExtensionHost() {
    assertThat(get(HttpProtocol.H2, "/hosted/../metrics").status()).isEqualTo(404);
    assertThat(get(HttpProtocol.H2, "/metrics").status()).isEqualTo(404);
  }

  @Test
  void showsItselfOnTheManagementPort() {
    assertThat(manage("/livez")).contains("UP");
    assertThat(manage("/readyz")).contains("OUT_OF_SERVICE", "revocations");
    get(HttpProtocol.H2, "/public/moved");
    assertThat(manage("/metrics"))
        .contains("weir_request_duration_seconds_bucket{outcome=\"2xx\",route=\"public\"")
        .contains("weir_admission_limit{priority=\"critical\"}")
        .contains("weir_reload_ok 1");
    JsonNode view = JsonMapper.shared().readTree(manage("/routes"));
    assertThat(view.get("reloadOk").asBoolean()).isTrue();
    assertThat(view.get("routes").get(0).get("stages").toString())
        .isEqualTo("[\"ADMISSION\",\"BODY_POLICY\"]");
  }

  @Test
  void redirectsPlainHttpAndNothingElse() {
    int port = gateway.context().getBean(EdgeServer.class).redirectPort();
    HttpClientResponse answer =
        HttpClient.create()
            .headers(h -> h.set("Host", "shop.example:8080"))
            .get()
            .uri("http://127.0.0.1:" + port + "/a?b=c")
            .response()
            .block(Duration.ofSeconds(5));
    assertThat(answer).isNotNull();
    assertThat(answer.status().code()).isEqualTo(308);
    assertThat(answer.responseHeaders().get("Location"))
        .startsWith("https://shop.example")
        .endsWith("/a?b=c");
  }

  /** It may have changed between the read for the start and the first look. */
  @Test
  void readsTheFileOnceMoreAfterTheStart() {
    await()
        .untilAsserted(
            () ->
                assertThat(manage("/metrics"))
                    .containsPattern("weir_reload_total\\{outcome=\"unchanged\"} [1-9]"));
  }

  @Test
  void keepsServingWhileTheFileIsBroken() throws IOException {
    Files.writeString(routes, file("  - id: BAD ID\n    nonsense: 1\n"));
    await().untilAsserted(() -> assertThat(manage("/metrics")).contains("weir_reload_ok 0"));
    assertThat(get(HttpProtocol.H2, "/public/moved").status()).isEqualTo(200);
    JsonNode view = JsonMapper.shared().readTree(manage("/routes"));
    assertThat(view.get("problems").size()).isGreaterThanOrEqualTo(2);

    Files.writeString(
        routes,
        file(
            "  - { id: more, match: { path: /more }, upstream: echo, auth: none, priority: low }\n"));
    await().untilAsserted(() -> assertThat(manage("/metrics")).contains("weir_reload_ok 1"));
    assertThat(get(HttpProtocol.H2, "/more").status()).isEqualTo(404);
    assertThat(get(HttpProtocol.H2, "/more").field("content-type"))
        .isNotEqualTo("application/problem+json");
  }

  private Answer get(HttpProtocol protocol, String target) {
    return send(protocol, HttpMethod.GET, target, Flux.empty());
  }

  private Answer send(HttpProtocol protocol, HttpMethod method, String target, Flux<ByteBuf> body) {
    HttpClient.RequestSender sender =
        client(protocol).request(method).uri("https://localhost:" + gateway.edge() + target);
    Mono<Answer> answer =
        (method.equals(HttpMethod.GET) ? sender : sender.send(ByteBufFlux.fromInbound(body)))
            .responseSingle(
                (head, content) ->
                    content.asString().defaultIfEmpty("").map(text -> new Answer(head, text)));
    Answer result = answer.block(Duration.ofSeconds(10));
    assertThat(result).isNotNull();
    return result;
  }

  private HttpClient client(HttpProtocol protocol) {
    return HttpClient.create()
        .protocol(protocol)
        .secure(spec -> spec.sslContext(trusting(protocol)));
  }

  private GenericSslContextSpec<?> trusting(HttpProtocol protocol) {
    return protocol == HttpProtocol.H2
        ? Http2SslContextSpec.forClient().configure(this::trust)
        : Http11SslContextSpec.forClient().configure(this::trust);
  }

  private void trust(SslContextBuilder builder) {
    builder.trustManager(gateway.certificate().certificate());
  }

  private String manage(String path) {
    String text =
        HttpClient.newConnection()
            .get()
            .uri("http://127.0.0.1:" + gateway.management() + path)
            .responseContent()
            .aggregate()
            .asString()
            .block(Duration.ofSeconds(30));
    return String.valueOf(text);
  }

  private static ByteBuf chunk(int size) {
    return Unpooled.copiedBuffer("x".repeat(size), StandardCharsets.US_ASCII);
  }
}
