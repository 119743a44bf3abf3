package dev.weir.auth.exchange;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Wraps every exchange: request id first, security headers on the answer, one access log line at
 * the end.
 */
public final class ExchangeFilter implements WebFilter {
  private static final Logger ACCESS = LoggerFactory.getLogger("weir.auth.access");

  private final AuthMetrics metrics;
  private final LongSupplier ticker;

  public ExchangeFilter(AuthMetrics metrics, LongSupplier ticker) {
    this.metrics = metrics;
    this.ticker = ticker;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var facts = RequestFacts.attach(exchange);
    long started = ticker.getAsLong();
    var response = exchange.getResponse();
    response.beforeCommit(() -> Mono.fromRunnable(() -> secure(response.getHeaders(), facts)));
    return chain
        .filter(exchange)
        .doFinally(signal -> finished(exchange, facts, signal, ticker.getAsLong() - started));
  }

  private static void secure(HttpHeaders headers, RequestFacts facts) {
    if (!headers.containsHeader(HttpHeaders.CACHE_CONTROL)) {
      headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    }
    headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Request-Id", facts.requestId());
  }

  private void finished(
      ServerWebExchange exchange, RequestFacts facts, SignalType signal, long nanos) {
    var status = exchange.getResponse().getStatusCode();
    int code = status == null ? 0 : status.value();
    var outcome = signal == SignalType.CANCEL ? "aborted" : code / 100 + "xx";
    metrics.request(facts.operation().label(), outcome, Duration.ofNanos(nanos));
    ACCESS
        .atInfo()
        .addKeyValue("request_id", facts.requestId())
        .addKeyValue("trace_id", facts.traceId())
        .addKeyValue("method", exchange.getRequest().getMethod().name())
        .addKeyValue("route", facts.route())
        .addKeyValue("status", code)
        .addKeyValue("outcome", outcome)
        .addKeyValue("code", facts.refusal().map(AuthError::code).orElse("-"))
        .addKeyValue("duration_ms", nanos / 1_000_000.0)
        .log("request");
  }
}
