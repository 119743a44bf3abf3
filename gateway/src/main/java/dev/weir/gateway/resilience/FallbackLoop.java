package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.problem.Fault;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Function<Exchange, Mono<UpstreamResponse>> own;

  /** The first that may answer does. */
  private final List<Instead> resorts;

  private final String route;
  private final MeterRegistry registry;

  /** By cause: an error's code or {@link #UNWELL}. */
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  private FallbackLoop(
      Function<Exchange, Mono<UpstreamResponse>> own,
      List<Instead> resorts,
      String route,
      MeterRegistry registry) {
    this.own = own;
    this.resorts = List.copyOf(resorts);
    this.route = route;
    this.registry = registry;
  }

  /**
   * Returns what sends the requests of a route.
   *
   * @param transports makes the transport of a route, of which the upstream may be the fallback's
   * @param lastAnswers tells where the good answers of a route are kept, if it wants them kept
   */
  public static Function<Exchange, Mono<UpstreamResponse>> of(
      Route route,
      Function<Route, AttemptTransport> transports,
      Function<Route, LastAnswers> lastAnswers,
      Breakers breakers) {
    AttemptLoop own = new AttemptLoop(route, transports.apply(route), breakers);
    if (route.fallback().isEmpty()) {
      return own::send;
    }
    List<Instead> resorts = new ArrayList<>();
    Function<Exchange, Mono<UpstreamResponse>> first = own::send;
    Fallback fallback = route.fallback().get();
    if (fallback instanceof Fallback.Stale) {
      LastAnswers kept = lastAnswers.apply(route);
      resorts.add(new Instead.Stale(kept));
      first = exchange -> own.send(exchange).map(answer -> kept.keep(exchange, answer));
    }
    fallback.fixed().map(Instead::fixed).ifPresent(resorts::add);
    fallback
        .elsewhere()
        .map(upstream -> elsewhere(route.before(upstream), transports, breakers))
        .ifPresent(resorts::add);
    return new FallbackLoop(first, resorts, route.id(), breakers.registry())::send;
  }

  private static Instead elsewhere(
      Route other, Function<Route, AttemptTransport> transports, Breakers breakers) {
    return new Instead.Elsewhere(
        other.upstream().name(), new AttemptLoop(other, transports.apply(other), breakers));
  }

  private Mono<UpstreamResponse> send(Exchange exchange) {
    return own.apply(exchange)
        .onErrorResume(RefusedException.class, refused -> afterRefusal(exchange, refused))
        .flatMap(answer -> afterAnswer(exchange, answer));
  }

  private Mono<UpstreamResponse> afterRefusal(Exchange exchange, RefusedException refused) {
    GatewayError error = refused.rejection().error();
    if (error.fault() != Fault.UPSTREAM) {
      return Mono.error(refused);
    }
    return instead(exchange, error.code()).orElseGet(() -> Mono.error(refused));
  }

  private Mono<UpstreamResponse> afterAnswer(Exchange exchange, UpstreamResponse answer) {
    if (!Outcome.isUnwell(answer.status()) || !exchange.fallback().isEmpty()) {
      return Mono.just(answer);
    }
    Optional<Mono<UpstreamResponse>> other = instead(exchange, UNWELL);
    if (other.isEmpty()) {
      return Mono.just(answer);
    }
    answer.discard();
    return other.get();
  }

  private Optional<Mono<UpstreamResponse>> instead(Exchange exchange, String cause) {
    for (Instead resort : resorts) {
      Optional<Mono<UpstreamResponse>> answer = resort.answer(exchange);
      if (answer.isPresent()) {
        exchange.noteFallback(resort.label());
        counters.computeIfAbsent(cause, this::counter).increment();
        return answer;
      }
    }
    return Optional.empty();
  }

  private Counter counter(String cause) {
    return registry.counter(GatewayMetrics.FALLBACKS, "route", route, "cause", cause);
  }
}
