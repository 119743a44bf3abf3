package dev.weir.jmh.sample;

import java.net.URI;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** An issuer's endpoint on loopback, for as long as the keys are fetched. */
public final class KeySetServer implements AutoCloseable {
  private final DisposableServer server;

  /** Publishes a key set. */
  public KeySetServer(String keySet) {
    this.server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(
                (request, response) ->
                    response.header("Cache-Control", "max-age=300").sendString(Mono.just(keySet)))
            .bindNow();
  }

  /** Returns where it is. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port() + "/jwks.json");
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
