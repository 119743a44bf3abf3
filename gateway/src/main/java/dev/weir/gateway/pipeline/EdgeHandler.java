package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.exchange.ServerCall;
import dev.weir.gateway.ingress.Inbound;
import dev.weir.gateway.ingress.Inbound.Protocol;
import dev.weir.gateway.ingress.Ingress;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Found;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerState;

/**
 * Takes a request from the server and sends it down its line: observe, problem boundary, ingress,
 * route match, then the stages of the route.
 */
public final class EdgeHandler
    implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
  private static final Rejection NOT_FOUND =
      Rejection.of(
          GatewayError.ROUTE_NOT_FOUND, "No route of this gateway takes this host and path.");

  private static final Rejection NO_WEBSOCKETS =
      Rejection.of(GatewayError.UPGRADE_UNSUPPORTED, "This route takes no WebSockets.");

  private final Supplier<Generation> generations;
  private final Ingress ingress;
  private final Observer observer;
  private final ResponseWriter writer;

  /** Serves whatever generation is current when a request arrives. */
  public EdgeHandler(
      Supplier<Generation> generations, Ingress ingress, Observer observer, ResponseWriter writer) {
    this.generations = generations;
    this.ingress = ingress;
    this.observer = observer;
    this.writer = writer;
  }

  @Override
  public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
    long started = System.nanoTime();
    Generation generation = generations.get();
    Inbound inbound = inbound(request);
    Exchange exchange;
    Publisher<Void> answer;
    switch (ingress.receive(inbound)) {
      case Ingress.Outcome.Refused(Rejection rejection) -> {
        if (inbound.protocol() != Protocol.HTTP_2) {
          // Who sends what others read differently may mean the next bytes differently too.
          response.keepAlive(false);
        }
        exchange = open(request, Ingress.unreadable(inbound), RequestBody.NONE, started);
        answer = writer.problem(response, exchange, rejection);
      }
      case Ingress.Outcome.Accepted(RequestHead head, boolean bodyPresent, boolean upgrade) -> {
        RequestBody body =
            bodyPresent ? new RequestBody(true, request.receive().retain()) : RequestBody.NONE;
        exchange = open(request, head, body, started);
        if (upgrade) {
          exchange.askForUpgrade();
        }
        answer = dispatch(generation, exchange, new ServerCall(request, response));
      }
    }
    return observer.observe(generation, inbound.protocol(), exchange, Mono.from(answer));
  }

  /**
   * Counts and logs what the server refuses by itself: a head that is too long or is not HTTP.
   * Where it was the rest of a request that runs already, that one's end tells.
   */
  public void noteRefusedByServer(Connection connection, ConnectionObserver.State state) {
    if (state != HttpServerState.REQUEST_DECODING_FAILED
        || !(connection instanceof HttpServerRequest request)
        || !(connection instanceof HttpServerResponse response)
        || response.status().code() < 400) {
      return;
    }
    Inbound inbound = inbound(request);
    observer.noteUnreadable(
        generations.get(),
        inbound.protocol(),
        Ingress.unreadable(inbound),
        response.status().code());
  }

  private Publisher<Void> dispatch(Generation generation, Exchange exchange, ServerCall call) {
    RequestHead head = exchange.head();
    Found found = generation.table().find(head.host(), head.method().name(), head.path());
    return switch (found) {
      case Found.Hit hit -> {
        exchange.bind(hit.route(), hit.index());
        if (exchange.asksForUpgrade() && hit.route().maxWebSockets() == 0) {
          call.response().keepAlive(false);
          yield writer.problem(call.response(), exchange, NO_WEBSOCKETS);
        }
        RoutePlan plan = generation.plan(hit.index());
        yield new Transit(exchange, plan, call, writer).run();
      }
      case Found.WrongMethod(Set<String> allowed) ->
          writer.problem(call.response(), exchange, wrongMethod(allowed));
      case Found.Nothing() -> writer.problem(call.response(), exchange, NOT_FOUND);
    };
  }

  private static Rejection wrongMethod(Set<String> allowed) {
    String methods = String.join(", ", new TreeSet<>(allowed));
    return new Rejection(
        GatewayError.METHOD_NOT_ALLOWED,
        "This path takes " + methods + ".",
        List.of(new Rejection.Header("Allow", methods)));
  }

  private static Exchange open(
      HttpServerRequest request, RequestHead head, RequestBody body, long started) {
    // Reactor Netty's request is the connection's operations object: the event loop without a
    // lambda.
    return new Exchange(head, body, ((Connection) request).channel().eventLoop(), started);
  }

  private static Inbound inbound(HttpServerRequest request) {
    InetSocketAddress peer = (InetSocketAddress) ((Connection) request).channel().remoteAddress();
    return new Inbound(
        request.method(),
        request.uri(),
        protocol(request.protocol()),
        request.connectionScheme(),
        request.requestHeaders(),
        peer.getAddress());
  }

  private static Protocol protocol(String text) {
    return switch (text) {
      case "HTTP/1.0" -> Protocol.HTTP_1_0;
      case "HTTP/1.1" -> Protocol.HTTP_1_1;
      case "HTTP/2.0" -> Protocol.HTTP_2;
      default -> Protocol.UNKNOWN;
    };
  }
}
