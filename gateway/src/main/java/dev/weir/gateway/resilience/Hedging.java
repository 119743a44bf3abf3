package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Hedge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Says which requests of a route are hedged and when, and counts what came of it. */
final class Hedging {
  private final int percentile;
  private final ConcurrentMap<EventLoop, LatencyWindow> windows = new ConcurrentHashMap<>();
  private final Counter won;
  private final Counter lost;
  private final Counter exhausted;

  Hedging(Hedge hedge, String upstream, MeterRegistry registry) {
    this.percentile = hedge.percentile();
    this.won = counter(upstream, "won", registry);
    this.lost = counter(upstream, "lost", registry);
    this.exhausted = counter(upstream, "budget_exhausted", registry);
  }

  private static Counter counter(String upstream, String outcome, MeterRegistry registry) {
    return registry.counter(GatewayMetrics.HEDGES, "upstream", upstream, "outcome", outcome);
  }

  /** A read changes nothing, so that asking twice costs nothing but the work; a WebSocket stays. */
  boolean fits(Exchange exchange) {
    HttpMethod method = exchange.method();
    return !exchange.body().present()
        && !exchange.asksForUpgrade()
        && (HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method));
  }

  /** Returns what the exchange's event loop knows of latencies. */
  LatencyWindow window(Exchange exchange) {
    EventLoop loop = exchange.eventLoop();
    LatencyWindow window = windows.get(loop);
    return window != null
        ? window
        : windows.computeIfAbsent(loop, ignored -> new LatencyWindow(percentile));
  }

  void noteWon() {
    won.increment();
  }

  void noteLost() {
    lost.increment();
  }

  void noteExhausted() {
    exhausted.increment();
  }
}
