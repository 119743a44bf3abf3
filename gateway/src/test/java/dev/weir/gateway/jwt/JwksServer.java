package dev.weir.gateway.jwt;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A real issuer's endpoint, which can fail, dawdle, go away and come back. */
final class JwksServer implements AutoCloseable {
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile String body;
  private volatile int status = 200;
  private volatile Duration delay = Duration.ZERO;
  private DisposableServer server;

  JwksServer(String body) {
    this.body = body;
    this.server = bind(0);
  }

  private DisposableServer bind(int port) {
    return HttpServer.create().host("127.0.0.1").port(port).handle(this::answer).bindNow();
  }

  private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    fetches.incrementAndGet();
    Mono<Void> sent =
        response
            .status(status)
            .header("Location", uri().toString())
            .header("Cache-Control", "max-age=300")
            .sendString(Mono.just(body))
            .then();
    return delay.isZero() ? sent : Mono.delay(delay).then(sent);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.port() + "/jwks.json");
  }

  int fetches() {
    return fetches.get();
  }

  void publish(String jwks) {
    body = jwks;
  }

  void answerWith(int code) {
    status = code;
  }

  void dawdle(Duration time) {
    delay = time;
  }

  void goAway() {
    server.disposeNow();
  }

  void comeBack() {
    server = bind(server.port());
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
