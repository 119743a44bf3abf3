package dev.weir.gateway.observe;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.jmh.sample.Expect;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Shows what counting a request costs, in the registry that the gateway has. */
@State(Scope.Benchmark)
public class RequestMetersBench {
  private static final long[] NANOS = {700_000, 1_500_000, 3_000_000, 12_000_000};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RequestDurations durations = new RequestDurations(LoopCounts.size());
  private final RequestMeters meters =
      new RequestMeters(registry, durations, List.of("orders", "invoices"));

  /** One event loop's count of what it has recorded. */
  @State(Scope.Thread)
  public static class Loop {
    private int requests;
  }

  /** Records the end of a forwarded request. */
  @Benchmark
  public void duration(Loop loop) {
    meters.recordDuration(LoopCounts.own(), 1, 200, NANOS[loop.requests++ & 3]);
  }

  /** Counts a refusal. */
  @Benchmark
  public void refusal() {
    meters.countRefusal(1, GatewayError.THROTTLED);
  }

  /** Looks whether anything was counted at all. */
  @TearDown
  public void check() {
    Counter refusals = registry.find(GatewayMetrics.REFUSALS).tag("route", "invoices").counter();
    Expect.that(
        !durations.collect().getDataPoints().isEmpty()
            || (refusals != null && refusals.count() > 0),
        "requests counted");
  }
}
