package dev.weir.quickstart.demo;

import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;

/**
 * The other instance of the orders service, told of each order so that it does not matter which one
 * is asked.
 *
 * <p>Best effort, as befits a demo: a peer that is down misses orders and asks for all of them when
 * it starts.
 */
final class Peer {
  static final String PATH = "/peer/orders";
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final HttpClient client;

  Peer(int port) {
    this.client = HttpClient.create().baseUrl("http://127.0.0.1:" + port);
  }

  /** Completes once the peer has the order, or cannot be asked to. */
  Mono<Void> tell(Order order) {
    return client
        .post()
        .uri(PATH)
        .send(ByteBufMono.fromString(Mono.just(Json.object(order::writeMembers))))
        .response()
        .timeout(PATIENCE)
        .onErrorComplete()
        .then();
  }

  /** The orders that the peer holds; none when it does not answer. */
  Mono<List<Order>> ask() {
    return client
        .get()
        .uri(PATH)
        .responseSingle((_, body) -> body.asByteArray())
        .timeout(PATIENCE)
        .map(Order::parseAll)
        .onErrorReturn(List.of())
        .defaultIfEmpty(List.of());
  }
}
