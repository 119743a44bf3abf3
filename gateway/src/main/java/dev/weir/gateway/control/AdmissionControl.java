package dev.weir.gateway.control;

import dev.weir.gateway.admission.AdaptiveLimit;
import dev.weir.gateway.admission.LoopLag;
import dev.weir.gateway.admission.Pressure;
import dev.weir.gateway.admission.Signal;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Priority;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Moves the admission limit five times a second and those of the upstreams ten times, on a thread
 * of its own, and shows the first.
 */
public final class AdmissionControl implements AutoCloseable {
  private static final long WINDOW_MILLIS = 200;
  private static final long UPSTREAM_WINDOW_MILLIS = 100;

  private final AdaptiveLimit limit;
  private final LoopLag lag;
  private final Pressure pressure;
  private final UpstreamLimits upstreams;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("weir-admission").daemon().unstarted(task));

  /** What moves the limits of upstreams: by the time, and by what weighs on this process. */
  public interface UpstreamLimits {
    /** Moves them all. */
    void move(long nowNanos, long lagNanos, double pressure);
  }

  /** Prepares to move these limits. */
  public AdmissionControl(
      AdaptiveLimit limit,
      LoopLag lag,
      Pressure pressure,
      UpstreamLimits upstreams,
      MeterRegistry meters) {
    this.limit = limit;
    this.lag = lag;
    this.pressure = pressure;
    this.upstreams = upstreams;
    Gauge.builder(GatewayMetrics.INFLIGHT_REQUESTS, limit, AdaptiveLimit::inFlight)
        .register(meters);
    Gauge.builder(GatewayMetrics.EVENT_LOOP_LAG, lag, LoopLag::lastSeconds)
        .baseUnit("seconds")
        .register(meters);
    for (Signal signal : Signal.values()) {
      Gauge.builder(GatewayMetrics.ADMISSION_PRESSURE, pressure, p -> p.of(signal))
          .tag("signal", signal.label())
          .register(meters);
      Gauge.builder(GatewayMetrics.ADMISSION_BINDING, pressure, p -> p.binding() == signal ? 1 : 0)
          .tag("signal", signal.label())
          .register(meters);
    }
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
            () -> limit.adjust(pressure), WINDOW_MILLIS, WINDOW_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        thread.scheduleAtFixedRate(
            () -> upstreams.move(System.nanoTime(), lag.lastNanos(), pressure.greatest()),
            UPSTREAM_WINDOW_MILLIS,
            UPSTREAM_WINDOW_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
