package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.BrownOut;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** A part of a route that it does without while the pressure is as high as that. */
final class Without {
  private final double from;
  private final DoubleSupplier pressure;
  private final Optional<Counter> times;

  Without(BrownOut part, Route route, DoubleSupplier pressure, MeterRegistry registry) {
    this.from = part.from(route.brownOut());
    this.pressure = pressure;
    // Most routes name nothing, and need no series for it.
    this.times =
        from == Double.MAX_VALUE
            ? Optional.empty()
            : Optional.of(
                registry.counter(
                    GatewayMetrics.BROWN_OUTS, "route", route.id(), "part", part.label()));
  }

  /** Returns whether it is done without at this moment, and counts that. */
  boolean applies() {
    if (times.isEmpty() || pressure.getAsDouble() < from) {
      return false;
    }
    times.get().increment();
    return true;
  }
}
