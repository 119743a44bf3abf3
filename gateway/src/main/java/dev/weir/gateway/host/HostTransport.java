package dev.weir.gateway.host;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REACTOR_CONTEXT_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import org.springframework.web.server.session.DefaultWebSessionManager;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Makes an attempt through Spring Cloud Gateway's filter chain instead of Weir's own client. The
 * route and the endpoint are already chosen, so neither its route scan nor any other handler of the
 * same process can be reached through the edge.
 */
final class HostTransport implements AttemptTransport {
  private static final NettyDataBufferFactory BUFFERS =
      new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
  private static final DefaultWebSessionManager SESSIONS = new DefaultWebSessionManager();
  private static final AcceptHeaderLocaleContextResolver LOCALES =
      new AcceptHeaderLocaleContextResolver();

  private final FilteringWebHandler filters;
  private final Map<Endpoint, Route> routes;
  private final ServerCodecConfigurer codecs;
  private final String stripPrefix;

  HostTransport(
      FilteringWebHandler filters,
      Map<Endpoint, Route> routes,
      ServerCodecConfigurer codecs,
      String stripPrefix) {
    this.filters = filters;
    this.routes = Map.copyOf(routes);
    this.codecs = codecs;
    this.stripPrefix = stripPrefix;
  }

  @Override
  public Mono<UpstreamResponse> attempt(
      Exchange exchange, Upstream upstream, Endpoint endpoint, Duration timeout) {
    // The host resolves names by itself.
    Route route = routes.get(endpoint.named());
    if (route == null) {
      return Mono.error(new IllegalStateException("not compiled for " + endpoint.authority()));
    }
    WatchedBody body = new WatchedBody();
    return Mono.defer(() -> enter(exchange, route, body))
        .timeout(timeout, Schedulers.fromExecutorService(exchange.eventLoop()))
        .onErrorMap(
            TimeoutException.class,
            late -> body.isAwaited() ? RefusedException.bodyTooSlow() : late)
        .onErrorMap(HostTransport::failure)
        .publishOn(Schedulers.fromExecutorService(exchange.eventLoop()));
  }

  private Mono<UpstreamResponse> enter(Exchange exchange, Route route, WatchedBody body) {
    HostResponse response = new HostResponse(BUFFERS);
    ServerWebExchange web =
        new DefaultServerWebExchange(
            new HostRequest(exchange, path(exchange), BUFFERS, body),
            response,
            SESSIONS,
            codecs,
            LOCALES);
    web.getAttributes().put(GATEWAY_ROUTE_ATTR, route);
    web.getAttributes().put(GATEWAY_REACTOR_CONTEXT_ATTR, Context.empty());
    Disposable chain =
        filters
            .handle(web)
            .then(Mono.defer(response::setComplete))
            .subscribe(_ -> {}, response::fail, response::finish);
    return response.answer().doOnCancel(chain::dispose);
  }

  private String path(Exchange exchange) {
    String rest = exchange.head().path().substring(stripPrefix.length());
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static Throwable failure(Throwable error) {
    return switch (error) {
      case RefusedException refused -> refused;
      case AttemptFailure known -> known;
      case TimeoutException late -> failure(Kind.TIMEOUT, late);
      case ConnectException refused -> failure(Kind.CONNECT_FAILED, refused);
      case IOException broken -> failure(Kind.RESET, broken);
      default -> error;
    };
  }

  private static AttemptFailure failure(Kind kind, Throwable cause) {
    return new AttemptFailure(
        kind, kind != Kind.CONNECT_FAILED, String.valueOf(cause.getMessage()));
  }
}
