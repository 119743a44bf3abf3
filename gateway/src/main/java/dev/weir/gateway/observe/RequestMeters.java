package dev.weir.gateway.observe;

import dev.weir.gateway.problem.GatewayError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The meters of requests, resolved once per route and generation. A meter is made at its first use,
 * so a table of ten thousand routes does not publish a hundred thousand empty series; afterwards
 * recording is an array read.
 *
 * <p>Per request: two counts in the event loop's own row of a {@link LoopHistogram}.
 */
public final class RequestMeters {
  /** Requests that no route took are counted under this name. */
  public static final String UNMATCHED = "-";

  private static final String[] OUTCOMES = {"aborted", "1xx", "2xx", "3xx", "4xx", "5xx"};
  private static final GatewayError[] ERRORS = GatewayError.values();

  private final MeterRegistry registry;
  private final RequestDurations durations;
  private final List<String> routes;
  private final AtomicReferenceArray<@Nullable LoopHistogram> histograms;
  private final AtomicReferenceArray<@Nullable Counter> refusals;

  /** Prepares for these routes, by index. */
  public RequestMeters(MeterRegistry registry, RequestDurations durations, List<String> routeIds) {
    this.registry = registry;
    this.durations = durations;
    this.routes = List.copyOf(routeIds);
    int rows = routes.size() + 1;
    this.histograms = new AtomicReferenceArray<>(rows * OUTCOMES.length);
    this.refusals = new AtomicReferenceArray<>(rows * ERRORS.length);
  }

  /**
   * Records a request's end.
   *
   * @param row the number of the thread that counts, below what the durations were made for
   * @param routeIndex the route's place in the table, or -1
   * @param status the status answered, or 0 where the client went away first
   */
  public void recordDuration(int row, int routeIndex, int status, long nanos) {
    int outcome = status < 100 || status > 599 || status == 499 ? 0 : status / 100;
    int slot = (routeIndex + 1) * OUTCOMES.length + outcome;
    LoopHistogram histogram = histograms.get(slot);
    if (histogram == null) {
      histogram = durations.of(route(routeIndex), OUTCOMES[outcome]);
      histograms.set(slot, histogram);
    }
    histogram.record(row, nanos);
  }

  /** Counts a refusal. */
  public void countRefusal(int routeIndex, GatewayError error) {
    int slot = (routeIndex + 1) * ERRORS.length + error.ordinal();
    Counter counter = refusals.get(slot);
    if (counter == null) {
      counter =
          Counter.builder(GatewayMetrics.REFUSALS)
              .tag("route", route(routeIndex))
              .tag("code", error.code())
              .tag("fault", error.fault().label())
              .register(registry);
      refusals.set(slot, counter);
    }
    counter.increment();
  }

  private String route(int routeIndex) {
    return routeIndex < 0 ? UNMATCHED : routes.get(routeIndex);
  }
}
