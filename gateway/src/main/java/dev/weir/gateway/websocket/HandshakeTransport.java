package dev.weir.gateway.websocket;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/**
 * Offers the handshake to one endpoint, so that deadline, breaker and retry hold for it as for any
 * attempt. What the upstream answers instead of 101 is passed on without its body.
 *
 * <p>Reactor Netty's client and not our own: a WebSocket is opened once and lives long, so what
 * counts is that masking, fragments and closing are right. No connection is pooled.
 */
public final class HandshakeTransport implements AttemptTransport {
  /** Of one connection or one handshake: the client that opens the other side sets its own. */
  private static final List<CharSequence> NOT_PASSED_ON =
      List.of(
          HttpHeaderNames.HOST,
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.CONTENT_LENGTH,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.SEC_WEBSOCKET_KEY,
          HttpHeaderNames.SEC_WEBSOCKET_VERSION,
          HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS,
          HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);

  private final HttpClient client = HttpClient.newConnection();

  @Override
  public Mono<UpstreamResponse> attempt(
      Exchange exchange, Upstream upstream, Endpoint endpoint, Duration timeout) {
    long millis = upstream.pool().connectTimeout().toMillis();
    int connectMillis = Math.clamp(millis, 1, Integer.MAX_VALUE);
    String target = exchange.head().targetWithout(exchange.route().stripPrefix());
    return client
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .headers(headers -> headers.set(passedOn(exchange.headers())))
        .websocket(spec(exchange.headers()))
        .uri(scheme(endpoint) + endpoint.authority() + target)
        .connect()
        .map(HandshakeTransport::switched)
        .timeout(timeout)
        .onErrorResume(HandshakeTransport::declined)
        .publishOn(Schedulers.fromExecutor(exchange.eventLoop()));
  }

  private static String scheme(Endpoint endpoint) {
    return endpoint.scheme() == Endpoint.Scheme.HTTPS ? "wss://" : "ws://";
  }

  private static WebsocketClientSpec spec(HttpHeaders asked) {
    WebsocketClientSpec.Builder spec =
        WebsocketClientSpec.builder()
            .handlePing(true)
            .maxFramePayloadLength(OpenSockets.FRAME_BOUND);
    List<String> protocols = asked.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
    return protocols.isEmpty() ? spec.build() : spec.protocols(String.join(",", protocols)).build();
  }

  private static HttpHeaders passedOn(HttpHeaders asked) {
    HttpHeaders headers = new DefaultHttpHeaders().set(asked);
    NOT_PASSED_ON.forEach(headers::remove);
    return headers;
  }

  private static RefusedException refused(GatewayError error, String detail) {
    return new RefusedException(Rejection.of(error, detail));
  }

  private static UpstreamResponse switched(Connection connection) {
    return new UpstreamResponse(
        HttpResponseStatus.SWITCHING_PROTOCOLS.code(),
        new DefaultHttpHeaders(),
        new Body.Switched(connection));
  }

  private static Mono<UpstreamResponse> declined(Throwable error) {
    if (error instanceof WebSocketClientHandshakeException handshake) {
      HttpResponse answer = handshake.response();
      if (answer != null && answer.status().code() >= 200) {
        return Mono.just(
            new UpstreamResponse(
                answer.status().code(), new DefaultHttpHeaders(), new Body.Empty()));
      }
    }
    return Mono.error(failure(error));
  }

  /** What the client brought about, or what one path answers, says nothing of the endpoint. */
  private static Exception failure(Throwable error) {
    String reason = String.valueOf(error.getMessage());
    return switch (error) {
      case IllegalArgumentException _ ->
          refused(GatewayError.BAD_REQUEST, "The path or query of a WebSocket must be a URI.");
      case WebSocketClientHandshakeException handshake when handshake.response() != null ->
          refused(
              GatewayError.UPSTREAM_PROTOCOL,
              "The upstream's answer to the WebSocket handshake does not fit what was asked.");
      case TooLongFrameException _ ->
          refused(
              GatewayError.UPSTREAM_PROTOCOL,
              "The upstream declined the WebSocket with an answer of more than 8 KiB.");
      case ConnectException _ ->
          new AttemptFailure(AttemptFailure.Kind.CONNECT_FAILED, false, reason);
      case TimeoutException _ -> new AttemptFailure(AttemptFailure.Kind.TIMEOUT, true, reason);
      case WebSocketClientHandshakeException _ ->
          new AttemptFailure(AttemptFailure.Kind.PROTOCOL, true, reason);
      default -> new AttemptFailure(AttemptFailure.Kind.RESET, true, reason);
    };
  }
}
