package dev.weir.quickstart.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Serves one demo service, on loopback unless told otherwise, and logs one JSON line a request. */
public final class DemoServer {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DemoService service;
  private final Consumer<String> log;

  DemoServer(DemoService service, Consumer<String> log) {
    this.service = service;
    this.log = log;
  }

  /** Serves orders until the process is asked to end; the peer is the other instance's port. */
  public static void runOrders(String instance, int port, int peer) {
    var orders = new Orders(instance, new OrderBook(), new Peer(peer));
    orders.catchUp().block();
    new DemoServer(orders, System.out::println).run(port);
  }

  /** Serves the echo until the process is asked to end. */
  public static void runEcho(int port) {
    new DemoServer(new Echo(), System.out::println).run(port);
  }

  private void run(int port) {
    var server = bind(port);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.disposeNow(DRAIN), "drain"));
    server.onDispose().block();
  }

  DisposableServer bind(int port) {
    // A container is reached from outside itself: compose sets another address.
    var address = System.getProperty("weir.demo.address", "127.0.0.1");
    return HttpServer.create().host(address).port(port).handle(this::handle).bindNow();
  }

  private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
    long begin = System.nanoTime();
    if (path(request).equals("/readyz")) {
      return response.status(200).sendString(Mono.just("ready\n")).then();
    }
    return service
        .answer(request)
        .flatMap(DemoServer::delayed)
        .doOnNext(answer -> log(request, answer, Duration.ofNanos(System.nanoTime() - begin)))
        .flatMap(answer -> send(response, answer));
  }

  private static Mono<Answer> delayed(Answer answer) {
    if (answer.delay().isZero()) {
      return Mono.just(answer);
    }
    return Mono.delay(answer.delay()).thenReturn(answer);
  }

  private Mono<Void> send(HttpServerResponse response, Answer answer) {
    response.status(answer.status());
    answer.headers().forEach(response::header);
    response.header("X-Instance", service.instance());
    return response.sendString(Mono.just(answer.body())).then();
  }

  private void log(HttpServerRequest request, Answer answer, Duration took) {
    log.accept(
        Json.object(
            json -> {
              json.writeStringProperty("timestamp", Instant.now().toString());
              json.writeStringProperty("service", service.name());
              json.writeStringProperty("instance", service.instance());
              json.writeStringProperty("method", request.method().name());
              json.writeStringProperty("path", path(request));
              json.writeNumberProperty("status", answer.status());
              json.writeNumberProperty("duration_us", took.toNanos() / 1_000);
              json.writeStringProperty("request_id", header(request, "X-Request-Id"));
              json.writeStringProperty("subject", header(request, "X-Weir-Subject"));
            }));
  }

  /** The path without its query, as it came. */
  static String path(HttpServerRequest request) {
    var uri = request.uri();
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  static String header(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.requestHeaders().get(name)).orElse("");
  }
}
