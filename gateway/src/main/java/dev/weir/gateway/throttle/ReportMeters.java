package dev.weir.gateway.throttle;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Limit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what answers say of a limit's cost. */
final class ReportMeters {
  private final Counter read;
  private final Counter absent;
  private final Counter unreadable;

  ReportMeters(Limit limit, MeterRegistry meters) {
    this.read = reports(limit, meters, "read");
    this.absent = reports(limit, meters, "absent");
    this.unreadable = reports(limit, meters, "unreadable");
  }

  private static Counter reports(Limit limit, MeterRegistry meters, String outcome) {
    return meters.counter(
        GatewayMetrics.THROTTLE_COST_REPORTS, "limit", limit.name(), "outcome", outcome);
  }

  void read() {
    read.increment();
  }

  void absent() {
    absent.increment();
  }

  void unreadable() {
    unreadable.increment();
  }
}
