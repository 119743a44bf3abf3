package dev.weir.gateway.observe;

import dev.weir.gateway.problem.GatewayError;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The meters of requests, resolved once per route and generation. A meter is made at its first use,
 * so a table of ten thousand routes does not publish a hundred thousand empty series; afterwards
 * recording is an array read.
 *
 * <p>Per request: the timer's two striped sums, its maximum, and one count of its histogram, which
 * all event loops of a route share and write: RequestMetersBench has 0.1 us alone, and three times
 * that where two loops do nothing else.
 */
public final class RequestMeters {
  /** Requests that no route took are counted under this name. */
  public static final String UNMATCHED = "-";

  private static final Duration[] BUCKETS =
      java.util.stream.Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);
  private static final String[] OUTCOMES = {"aborted", "1xx", "2xx", "3xx", "4xx", "5xx"};
  private static final GatewayError[] ERRORS = GatewayError.values();

  private final MeterRegistry registry;
  private final List<String> routes;
  private final AtomicReferenceArray<@Nullable Timer> durations;
  private final AtomicReferenceArray<@Nullable Counter> refusals;

  /** Prepares for these routes, by index. */
  public RequestMeters(MeterRegistry registry, List<String> routeIds) {
    this.registry = registry;
    this.routes = List.copyOf(routeIds);
    int rows = routes.size() + 1;
    this.durations = new AtomicReferenceArray<>(rows * OUTCOMES.length);
    this.refusals = new AtomicReferenceArray<>(rows * ERRORS.length);
  }

  /**
   * Records a request's end.
   *
   * @param routeIndex the route's place in the table, or -1
   * @param status the status answered, or 0 where the client went away first
   */
  public void recordDuration(int routeIndex, int status, long nanos) {
    int outcome = status < 100 || status > 599 || status == 499 ? 0 : status / 100;
    int slot = (routeIndex + 1) * OUTCOMES.length + outcome;
    Timer timer = durations.get(slot);
    if (timer == null) {
      timer = duration(routeIndex, OUTCOMES[outcome]);
      durations.set(slot, timer);
    }
    timer.record(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
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

  private Timer duration(int routeIndex, String outcome) {
    return Timer.builder(GatewayMetrics.REQUEST_DURATION)
        .tag("route", route(routeIndex))
        .tag("outcome", outcome)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private String route(int routeIndex) {
    return routeIndex < 0 ? UNMATCHED : routes.get(routeIndex);
  }
}
