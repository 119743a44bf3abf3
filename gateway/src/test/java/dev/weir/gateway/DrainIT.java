package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.redis.RedisServers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** An end that nobody notices: readiness first, then the rest of the answers, then the listener. */
class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");

  private final Sinks.Empty<Void> release = Sinks.empty();
  private final Sinks.Empty<Void> asked = Sinks.empty();
  private DisposableServer upstream;

  /** What a client saw. */
  private record Seen(int status, String connection, String body) {}

  @BeforeEach
  void start() {
    upstream =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(
                r ->
                    r.get("/fast", (request, response) -> response.sendString(Mono.just("fast")))
                        .get(
                            "/slow",
                            (request, response) -> {
                              asked.tryEmitEmpty();
                              return release
                                  .asMono()
                                  .then(response.sendString(Mono.just("slow")).then());
                            }))
            .bindNow();
  }

  @AfterEach
  void stop() {
    upstream.disposeNow();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP11", "H2"})
  void answersWhatIsUnderWay(HttpProtocol protocol) throws IOException {
    try (LocalGateway gateway =
        LocalGateway.before(upstream.port(), folder, "--weir.drain.grace=2s")) {
      CompletableFuture<@Nullable Seen> slow = get(gateway, protocol, "/slow").toFuture();
      asked.asMono().block(PATIENCE);
      CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
      await().until(() -> gateway.manageStatus("/readyz") == 503);

      // Whoever has not heard of it yet is served, and asked to connect elsewhere.
      Seen late = get(gateway, protocol, "/fast").block(PATIENCE);
      String farewell = protocol == HttpProtocol.HTTP11 ? "close" : "";
      assertThat(late).isEqualTo(new Seen(200, farewell, "fast"));
      assertThat(gateway.manageStatus("/livez")).isEqualTo(200);

      release.tryEmitEmpty();
      // Nor may an answer leave a connection at rest that was asked for before.
      assertThat(slow.join()).isEqualTo(new Seen(200, farewell, "slow"));
      assertThat(closed).succeedsWithin(PATIENCE);
    }
  }

  /**
   * Two hooks that close the context run at once: the second does not wait for the first, and ends
   * the process in the middle of its drain. Main has the one; this looks for the one of Spring
   * Boot, which shows it to nobody.
   */
  @Test
  void leavesTheSignalToTheOneHookThatWaits() throws Exception {
    try (LocalGateway gateway =
        LocalGateway.before(upstream.port(), folder, "--weir.drain.grace=0s")) {
      Field field = SpringApplication.class.getDeclaredField("shutdownHook");
      field.setAccessible(true);
      Object hook = field.get(null);
      Method registered =
          hook.getClass()
              .getDeclaredMethod(
                  "isApplicationContextRegistered", ConfigurableApplicationContext.class);
      registered.setAccessible(true);
      assertThat(registered.invoke(hook, gateway.context())).isEqualTo(false);
    }
  }

  /** Else what was drawn ahead would be lost to the limit with every roll-out. */
  @Test
  void givesItsLeasesBackToRedis() throws Exception {
    try (RedisServers redis = new RedisServers()) {
      redis.start();
      RedisClient client = RedisClient.create(redis.uri());
      RedisCommands<String, String> commands = client.connect().sync();
      try (LocalGateway gateway =
          LocalGateway.serving(
              """
              version: 1
              limits:
                shared: { key: route, rate: 4000/1s, burst: 4000, cost: 20 }
              upstreams:
                only: { endpoints: ["http://127.0.0.1:%d"] }
              routes:
                - { id: open, match: { path: /** }, upstream: only, auth: none, limits: [shared] }
              """
                  .formatted(upstream.port()),
              folder,
              "--weir.redis.uri=" + redis.uri(),
              "--weir.redis.timeout=5s",
              "--weir.drain.grace=0s")) {
        // A caller in demand, until there is something to give back.
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .atMost(PATIENCE)
            .until(
                () -> {
                  Flux.range(0, 8)
                      .flatMap(i -> get(gateway, HttpProtocol.HTTP11, "/fast"))
                      .blockLast(PATIENCE);
                  return leases(commands) > 0;
                });
      }
      assertThat(leases(commands)).as("outstanding").isZero();
      assertThat(commands.keys("weir:{tb}:4:shared:*")).as("the bucket").hasSize(1);
      client.shutdown();
    }
  }

  /** Beside credit and stamp a bucket has a field for each lease: tokens, report, expiry. */
  private static long leases(RedisCommands<String, String> redis) {
    long now = Long.parseLong(redis.time().getFirst()) * 1_000_000;
    return redis.keys("weir:{tb}:4:shared:*").stream()
        .flatMap(bucket -> redis.hvals(bucket).stream())
        .map(value -> value.split(" ", -1))
        .filter(lease -> lease.length == 3 && Long.parseLong(lease[2]) > now)
        .count();
  }

  @Test
  void endsAlthoughARequestDoesNot() throws IOException {
    try (LocalGateway gateway =
        LocalGateway.before(
            upstream.port(), folder, "--weir.drain.grace=0s", "--weir.drain.timeout=200ms")) {
      CompletableFuture<@Nullable Seen> slow =
          get(gateway, HttpProtocol.HTTP11, "/slow").toFuture();
      asked.asMono().block(PATIENCE);
      assertThat(CompletableFuture.runAsync(gateway::close)).succeedsWithin(PATIENCE);
      assertThat(slow).failsWithin(PATIENCE);
    }
  }

  private static Mono<Seen> get(LocalGateway gateway, HttpProtocol protocol, String path) {
    return HttpClient.newConnection()
        .protocol(protocol)
        .secure(spec -> spec.sslContext(trusting(gateway, protocol)))
        .get()
        .uri("https://localhost:" + gateway.edge() + path)
        .responseSingle(
            (head, content) ->
                content
                    .asString()
                    .map(
                        body ->
                            new Seen(
                                head.status().code(),
                                head.responseHeaders().get("connection", ""),
                                body)));
  }

  private static GenericSslContextSpec<?> trusting(LocalGateway gateway, HttpProtocol protocol) {
    return protocol == HttpProtocol.H2
        ? Http2SslContextSpec.forClient().configure(builder -> trust(builder, gateway))
        : Http11SslContextSpec.forClient().configure(builder -> trust(builder, gateway));
  }

  private static void trust(SslContextBuilder builder, LocalGateway gateway) {
    builder.trustManager(gateway.certificate().certificate());
  }
}
