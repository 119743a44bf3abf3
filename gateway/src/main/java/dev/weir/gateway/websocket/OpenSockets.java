package dev.weir.gateway.websocket;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.ServerCall;
import dev.weir.gateway.route.Route;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * The WebSockets of this instance: at most so many of a route, and all of them told to go when it
 * drains. Reached once when one is opened and once when it ends, never per frame.
 */
public final class OpenSockets {
  /** No frame is longer: a longer one ends its socket with 1009. */
  static final int FRAME_BOUND = 64 * 1024;

  private volatile boolean leaving;
  private final Set<OpenSocket> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, AtomicInteger> byRoute = new ConcurrentHashMap<>();

  /** Takes a place among those of the route; who has one leaves it once. */
  public boolean tryEnter(Route route) {
    AtomicInteger places = byRoute.computeIfAbsent(route.id(), _ -> new AtomicInteger());
    boolean room = places.incrementAndGet() <= route.maxWebSockets();
    if (!room) {
      leave(route);
    }
    return room;
  }

  /** Gives the place back. */
  public void leave(Route route) {
    AtomicInteger places = byRoute.get(route.id());
    if (places != null) {
      int _ = places.decrementAndGet();
    }
  }

  /** Answers 101 and passes frames on until either side ends. */
  public Publisher<Void> join(Exchange exchange, ServerCall call, Connection upstream) {
    HttpHeaders head = call.request().requestHeaders();
    // Ingress took them off, as fields of one connection; the server's handshake looks for them.
    head.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    head.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    exchange.noteStatus(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
    // A socket that lives for hours must not hold one of the permits that bound requests.
    exchange.complete();
    String chosen = ((WebsocketInbound) upstream).selectedSubprotocol();
    WebsocketServerSpec.Builder spec =
        WebsocketServerSpec.builder().handlePing(true).maxFramePayloadLength(FRAME_BOUND);
    // The server's publisher ends with the handshake; the exchange ends with the socket.
    Sinks.Empty<Void> ended = Sinks.empty();
    return call.response()
        .sendWebsocket(
            (in, out) -> pass(exchange, in, out, upstream).doFinally(_ -> ended.tryEmitEmpty()),
            chosen == null ? spec.build() : spec.protocols(chosen).build())
        .then(ended.asMono())
        .doFinally(_ -> OpenSocket.release(upstream));
  }

  private Mono<Void> pass(
      Exchange exchange, WebsocketInbound in, WebsocketOutbound out, Connection upstream) {
    OpenSocket socket = new OpenSocket(exchange.eventLoop(), in, out, upstream);
    open.add(socket);
    if (leaving) {
      socket.goAway();
    }
    return socket.run().doFinally(_ -> open.remove(socket));
  }

  /** Ends every socket with 1001, on both sides, and those that open from now on. */
  public void goAway() {
    leaving = true;
    open.forEach(OpenSocket::goAway);
  }

  /** Returns how many are open. */
  public int count() {
    return open.size();
  }
}
