package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.problem.Fault;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Sends a route's requests, and does what the route says instead where its upstream fails: where
 * the client would get a refusal for which the upstream is to blame, or the upstream's own 502, 503
 * or 504. A route without a fallback has none of this.
 */
public final class FallbackLoop {
  /** What is counted as the cause where the upstream itself answered so. */
  private static final String UNWELL = "upstream-error";

  private final AttemptLoop own;
  private final Instead instead;
  private final String route;
  private final MeterRegistry registry;

  /** By cause: an error's code or {@link #UNWELL}. */
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  private FallbackLoop(AttemptLoop own, Instead instead, String route, MeterRegistry registry) {
    this.own = own;
    this.instead = instead;
    this.route = route;
    this.registry = registry;
  }

  /**
   * Returns what sends the requests of a route.
   *
   * @param transports makes the transport of a route, of which the upstream may be the fallback's
   */
  public static Function<Exchange, Mono<UpstreamResponse>> of(
      Route route, Function<Route, AttemptTransport> transports, Breakers breakers) {
    AttemptLoop own = new AttemptLoop(route, transports.apply(route), breakers);
    if (route.fallback().isEmpty()) {
      return own::send;
    }
    Instead instead =
        switch (route.fallback().get()) {
          case Fallback.Fixed fixed -> Instead.fixed(fixed);
          case Fallback.Elsewhere(var upstream) -> {
            Route other = route.before(upstream);
            yield new Instead.Elsewhere(
                upstream.name(), new AttemptLoop(other, transports.apply(other), breakers));
          }
        };
    return new FallbackLoop(own, instead, route.id(), breakers.registry())::send;
  }

  private Mono<UpstreamResponse> send(Exchange exchange) {
    return own.send(exchange)
        .onErrorResume(RefusedException.class, refused -> afterRefusal(exchange, refused))
        .flatMap(answer -> afterAnswer(exchange, answer));
  }

  private Mono<UpstreamResponse> afterRefusal(Exchange exchange, RefusedException refused) {
    GatewayError error = refused.rejection().error();
    if (error.fault() != Fault.UPSTREAM || !instead.takes(exchange)) {
      return Mono.error(refused);
    }
    note(exchange, error.code());
    return instead.answer(exchange);
  }

  private Mono<UpstreamResponse> afterAnswer(Exchange exchange, UpstreamResponse answer) {
    boolean stands = !Outcome.isUnwell(answer.status()) || !exchange.fallback().isEmpty();
    if (stands || !instead.takes(exchange)) {
      return Mono.just(answer);
    }
    answer.discard();
    note(exchange, UNWELL);
    return instead.answer(exchange);
  }

  private void note(Exchange exchange, String cause) {
    exchange.noteFallback(instead.label());
    counters.computeIfAbsent(cause, this::counter).increment();
  }

  private Counter counter(String cause) {
    return registry.counter(GatewayMetrics.FALLBACKS, "route", route, "cause", cause);
  }
}
