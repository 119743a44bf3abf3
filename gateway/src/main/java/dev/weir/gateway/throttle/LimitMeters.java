package dev.weir.gateway.throttle;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Limit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** The counters of one limit, looked up once; limits of one name share them. */
final class LimitMeters {
  private final Counter allowed;
  private final Counter refused;
  private final Counter fallback;

  LimitMeters(Limit limit, MeterRegistry meters) {
    String prefix =
        switch (limit.mode()) {
          case ENFORCE -> "";
          case SHADOW -> "shadow_";
        };
    this.allowed = decisions(limit, meters, prefix + "allowed");
    this.refused = decisions(limit, meters, prefix + "refused");
    this.fallback =
        meters.counter(
            GatewayMetrics.THROTTLE_FALLBACK,
            "limit",
            limit.name(),
            "mode",
            limit.onRedisLoss().name().toLowerCase(Locale.ROOT));
  }

  private static Counter decisions(Limit limit, MeterRegistry meters, String outcome) {
    return meters.counter(
        GatewayMetrics.THROTTLE_DECISIONS, "limit", limit.name(), "outcome", outcome);
  }

  void decided(boolean allows) {
    (allows ? allowed : refused).increment();
  }

  void fellBack() {
    fallback.increment();
  }
}
