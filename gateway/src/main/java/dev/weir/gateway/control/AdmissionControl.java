package dev.weir.gateway.control;

import dev.weir.gateway.admission.AdaptiveLimit;
import dev.weir.gateway.admission.LoopLag;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Priority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Moves the admission limit five times a second, on a thread of its own, and shows it. */
public final class AdmissionControl implements AutoCloseable {
  private static final long WINDOW_MILLIS = 200;

  private final AdaptiveLimit limit;
  private final LoopLag lag;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("weir-admission").daemon().unstarted(task));

  /** Prepares to move this limit. */
  public AdmissionControl(AdaptiveLimit limit, LoopLag lag, MeterRegistry meters) {
    this.limit = limit;
    this.lag = lag;
    Gauge.builder(GatewayMetrics.INFLIGHT_REQUESTS, limit, AdaptiveLimit::inFlight)
        .register(meters);
    Gauge.builder(GatewayMetrics.EVENT_LOOP_LAG, lag, LoopLag::lastSeconds)
        .baseUnit("seconds")
        .register(meters);
    for (Priority priority : Priority.values()) {
      Gauge.builder(GatewayMetrics.ADMISSION_LIMIT, limit, l -> l.limit(priority))
          .tag("priority", priority.label())
          .register(meters);
    }
  }

  /** Starts to move the limit. */
  public void start() {
    var _ =
        thread.scheduleAtFixedRate(
            () -> limit.adjust(lag::drain), WINDOW_MILLIS, WINDOW_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
