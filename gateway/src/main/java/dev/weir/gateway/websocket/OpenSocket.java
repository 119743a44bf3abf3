package dev.weir.gateway.websocket;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One WebSocket: frames as they come, pings and pongs among them, under each side's backpressure;
 * and what either side says when it closes is said to the other.
 *
 * <p>Per frame: a retained reference, a clock read and a flush.
 */
final class OpenSocket {
  /** Without a frame either way a socket ends: clients that mean to stay send pings. */
  private static final Duration IDLE = Duration.ofMinutes(2);

  private static final int LOOKS = 4;
  private static final WebSocketCloseStatus GOING_AWAY = WebSocketCloseStatus.ENDPOINT_UNAVAILABLE;

  private final EventLoop loop;
  private final WebsocketInbound clientIn;
  private final WebsocketOutbound clientOut;
  private final Connection upstream;
  private final WebsocketInbound upstreamIn;
  private final WebsocketOutbound upstreamOut;
  // Each written on the loop of its connection, which is one loop in all but rare cases.
  private volatile WebSocketCloseStatus clientSaid = GOING_AWAY;
  private volatile WebSocketCloseStatus upstreamSaid = GOING_AWAY;
  private volatile long lastFrame = System.nanoTime();
  private @Nullable ScheduledFuture<?> watch;
  private volatile boolean leaving;

  OpenSocket(
      EventLoop loop, WebsocketInbound clientIn, WebsocketOutbound clientOut, Connection upstream) {
    this.loop = loop;
    this.clientIn = clientIn;
    this.clientOut = clientOut;
    this.upstream = upstream;
    this.upstreamIn = (WebsocketInbound) upstream;
    this.upstreamOut = (WebsocketOutbound) upstream;
  }

  /** Completes when both sides have ended. */
  Mono<Void> run() {
    clientIn.receiveCloseStatus().subscribe(status -> clientSaid = sendable(status), _ -> {});
    upstreamIn.receiveCloseStatus().subscribe(status -> upstreamSaid = sendable(status), _ -> {});
    long period = IDLE.toNanos() / LOOKS;
    watch = loop.scheduleAtFixedRate(this::look, period, period, TimeUnit.NANOSECONDS);
    Mono<Void> up =
        pass(clientIn, upstreamOut).then(Mono.defer(() -> close(upstreamOut, clientSaid)));
    Mono<Void> down =
        pass(upstreamIn, clientOut).then(Mono.defer(() -> close(clientOut, upstreamSaid)));
    return Mono.when(up, down).doFinally(_ -> end());
  }

  private Mono<Void> pass(WebsocketInbound from, WebsocketOutbound to) {
    Flux<WebSocketFrame> frames =
        from.receiveFrames()
            .map(
                frame -> {
                  lastFrame = System.nanoTime();
                  return frame.retain();
                });
    return to.sendObject(frames, _ -> true).then().onErrorComplete();
  }

  private static Mono<Void> close(WebsocketOutbound to, WebSocketCloseStatus status) {
    return to.sendClose(status.code(), status.reasonText()).onErrorComplete();
  }

  /** Some codes say what was seen and may not be sent (RFC 6455 §7.4.1): 1005, 1006, 1015. */
  private static WebSocketCloseStatus sendable(WebSocketCloseStatus status) {
    return WebSocketCloseStatus.isValidStatusCode(status.code()) ? status : GOING_AWAY;
  }

  /**
   * Says goodbye to both sides; whoever has not taken it by the next look is cut off, as a client
   * that reads nothing never would. The upstream first: once the client is gone, this ends and lets
   * the upstream go.
   */
  void goAway() {
    leaving = true;
    loop.execute(
        () -> {
          close(upstreamOut, GOING_AWAY).subscribe();
          close(clientOut, GOING_AWAY).subscribe();
        });
  }

  private void look() {
    if (leaving) {
      var _ = ((Connection) clientOut).channel().close();
      var _ = upstream.channel().close();
    } else if (System.nanoTime() - lastFrame > IDLE.toNanos()) {
      goAway();
    }
  }

  private void end() {
    ScheduledFuture<?> running = watch;
    if (running != null) {
      running.cancel(false);
    }
    release(upstream);
  }

  /** Behind what was written to it, whichever loop it is on. */
  static void release(Connection connection) {
    connection.channel().eventLoop().execute(connection::dispose);
  }
}
