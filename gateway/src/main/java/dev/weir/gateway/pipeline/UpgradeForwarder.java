package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Forwarder;
import dev.weir.gateway.exchange.ServerCall;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.websocket.OpenSockets;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** Forwards of a route that takes WebSockets: who asks for one gets it, all others as ever. */
public final class UpgradeForwarder implements Forwarder {
  private static final Rejection FULL =
      Rejection.retryAfter(
          GatewayError.OVERLOADED, "This route has as many WebSockets open as it takes.", 5);

  private final Forwarder others;
  private final Function<Exchange, Mono<UpstreamResponse>> handshake;
  private final OpenSockets sockets;
  private final ResponseWriter writer;

  /**
   * Forwards requests through the one and upgrades through the other.
   *
   * @param handshake asks the upstream, deadline, retries and breaker included
   */
  public UpgradeForwarder(
      Forwarder others,
      Function<Exchange, Mono<UpstreamResponse>> handshake,
      OpenSockets sockets,
      ResponseWriter writer) {
    this.others = others;
    this.handshake = handshake;
    this.sockets = sockets;
    this.writer = writer;
  }

  @Override
  public Publisher<Void> forward(Exchange exchange, ServerCall call) {
    if (!exchange.asksForUpgrade()) {
      return others.forward(exchange, call);
    }
    Route route = exchange.route();
    if (!sockets.tryEnter(route)) {
      return writer.problem(call.response(), exchange, FULL);
    }
    return handshake
        .apply(exchange)
        .flatMap(answer -> Mono.from(join(exchange, call, answer)))
        .doFinally(_ -> sockets.leave(route));
  }

  private Publisher<Void> join(Exchange exchange, ServerCall call, UpstreamResponse answer) {
    return answer.body() instanceof Body.Switched(Connection upstream)
        ? sockets.join(exchange, call, upstream)
        : writer.write(call.response(), exchange, answer);
  }
}
