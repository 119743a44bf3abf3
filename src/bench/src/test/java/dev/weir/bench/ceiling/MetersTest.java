package dev.weir.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetersTest {
  @Test
  void addsUpTheLinesOfACounterAndNoOthers() {
    var lines =
        List.of(
            "# TYPE weir_redis_call_duration_seconds histogram",
            "weir_redis_call_duration_seconds_bucket{outcome=\"ok\",le=\"0.1\"} 900",
            "weir_redis_call_duration_seconds_count{outcome=\"ok\"} 40",
            "weir_redis_call_duration_seconds_count{outcome=\"timeout\"} 2",
            "weir_throttle_lease_tokens_total{outcome=\"leased\"} 7.0",
            "weir_throttle_lease_tokens_total{outcome=\"returned\"} 3.0");

    assertThat(Meters.sum(lines, Meters.Counter.REDIS_CALLS)).isEqualTo(42);
    assertThat(Meters.sum(lines, Meters.Counter.LEASED)).isEqualTo(7);
    assertThat(Meters.sum(lines, Meters.Counter.FALLBACKS)).isZero();
  }
}
