package dev.weir.quickstart.demo;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The demo's orders service. It believes the caller that the gateway names, as services behind Weir
 * do, and keeps no account of tokens itself.
 */
final class Orders implements DemoService {
  private static final String ROOT = "/api/orders";
  private static final int PAGE = 50;
  private static final int BODY_LIMIT = 16 * 1024;
  private static final int SLOWEST_MILLIS = 5_000;

  private final String instance;
  private final OrderBook book;
  private final Peer peer;

  Orders(String instance, OrderBook book, Peer peer) {
    this.instance = instance;
    this.book = book;
    this.peer = peer;
  }

  @Override
  public String name() {
    return "orders";
  }

  @Override
  public String instance() {
    return instance;
  }

  @Override
  public Mono<Answer> answer(HttpServerRequest request) {
    var subject = DemoServer.header(request, "X-Weir-Subject");
    var path = DemoServer.path(request);
    var isGet = request.method().name().equals("GET");
    if (path.equals(Peer.PATH)) {
      return fromPeer(request);
    }
    if (subject.isEmpty()) {
      return Mono.just(
          Answer.problem(401, "Unauthorized", "no caller named: this service stands behind Weir"));
    }
    if (path.equals(ROOT) && request.method().name().equals("POST")) {
      return place(request, subject);
    }
    if (!isGet) {
      return Mono.just(Answer.methodNotAllowed(path.equals(ROOT) ? "GET, POST" : "GET"));
    }
    return Mono.just(
        switch (path) {
          case ROOT -> list(book.newest(PAGE, order -> order.subject().equals(subject)));
          case ROOT + "/admin/all" -> list(book.newest(PAGE, _ -> true));
          case ROOT + "/slow" -> slow(request.uri());
          default -> show(path, subject);
        });
  }

  private Mono<Answer> place(HttpServerRequest request, String subject) {
    return Bodies.upTo(BODY_LIMIT, request).flatMap(body -> place(body, subject));
  }

  private Mono<Answer> place(Optional<byte[]> body, String subject) {
    if (body.isEmpty()) {
      return Mono.just(
          Answer.problem(
              413, "Content Too Large", "an order has at most " + BODY_LIMIT + " bytes"));
    }
    return switch (OrderRequest.parse(body.get())) {
      case OrderRequest.Parsed.Bad(var reason) ->
          Mono.just(Answer.problem(400, "Bad Request", reason));
      case OrderRequest.Parsed.Good(var wanted) ->
          place(new Order(UUID.randomUUID(), subject, wanted, Instant.now()));
    };
  }

  private Mono<Answer> place(Order order) {
    book.add(order);
    var created =
        Answer.json(201, Json.object(order::writeMembers))
            .with("Location", ROOT + "/" + order.id());
    return peer.tell(order).thenReturn(created);
  }

  /** The gateway routes nothing here: only the other instance knows this path. */
  private Mono<Answer> fromPeer(HttpServerRequest request) {
    if (request.method().name().equals("GET")) {
      return Mono.just(list(book.newest(OrderBook.LIMIT, _ -> true)));
    }
    return Bodies.upTo(BODY_LIMIT, request)
        .map(
            body -> {
              body.map(Order::parseAll).ifPresent(orders -> orders.forEach(book::add));
              return Answer.json(200, "{}");
            });
  }

  /**
   * Takes over what the other instance holds, so that a restart forgets nothing while one of the
   * two runs.
   */
  Mono<Void> catchUp() {
    return peer.ask().doOnNext(orders -> orders.forEach(book::add)).then();
  }

  private static Answer list(List<Order> orders) {
    return Answer.json(
        200,
        Json.object(
            json -> {
              json.writeArrayPropertyStart("orders");
              orders.forEach(order -> order.writeTo(json));
              json.writeEndArray();
            }));
  }

  /** A foreign order is not found rather than forbidden: ids of others are nobody's business. */
  private Answer show(String path, String subject) {
    return id(path)
        .flatMap(book::find)
        .filter(order -> order.subject().equals(subject))
        .map(order -> Answer.json(200, Json.object(order::writeMembers)))
        .orElseGet(() -> Answer.problem(404, "Not Found", "no such order"));
  }

  private static Optional<UUID> id(String path) {
    try {
      var prefix = ROOT + "/";
      return path.startsWith(prefix)
          ? Optional.of(UUID.fromString(path.substring(prefix.length())))
          : Optional.empty();
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  private static Answer slow(String uri) {
    var given = new QueryStringDecoder(uri).parameters().getOrDefault("ms", List.of("1000"));
    try {
      int millis = Math.clamp(Long.parseLong(given.getFirst()), 0, SLOWEST_MILLIS);
      var body = Json.object(json -> json.writeNumberProperty("waited_ms", millis));
      return Answer.json(200, body).after(Duration.ofMillis(millis));
    } catch (NumberFormatException e) {
      return Answer.problem(400, "Bad Request", "ms must be a whole number");
    }
  }
}
