package dev.weir.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestDurationsTest {
  private static final int ROWS = 3;

  private final RequestDurations durations = new RequestDurations(ROWS);
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private String scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void publishesNothingBeforeTheFirstRequest() throws IOException {
    registry.register(durations);
    assertThat(scrape()).doesNotContain("weir_request_duration_seconds_count");
  }

  @Test
  void sumsUpWhatThreadsCountApart() throws IOException {
    registry.register(durations);
    for (int row = 0; row < ROWS; row++) {
      durations.of("orders", "2xx").record(row, 1_000_000);
      durations.of("orders", "2xx").record(row, 1_000_001);
    }
    durations.of("orders", "5xx").record(0, 11_000_000_000L);

    assertThat(scrape())
        .contains("# TYPE weir_request_duration_seconds histogram")
        .contains(
            "weir_request_duration_seconds_bucket{outcome=\"2xx\",route=\"orders\",le=\"0.001\"} 3\n")
        .contains(
            "weir_request_duration_seconds_bucket{outcome=\"2xx\",route=\"orders\",le=\"0.002\"} 6\n")
        .contains(
            "weir_request_duration_seconds_bucket{outcome=\"2xx\",route=\"orders\",le=\"+Inf\"} 6\n")
        .contains("weir_request_duration_seconds_count{outcome=\"2xx\",route=\"orders\"} 6\n")
        .contains(
            "weir_request_duration_seconds_sum{outcome=\"2xx\",route=\"orders\"} 0.006000003\n")
        .contains(
            "weir_request_duration_seconds_bucket{outcome=\"5xx\",route=\"orders\",le=\"10.0\"} 0\n")
        .contains(
            "weir_request_duration_seconds_bucket{outcome=\"5xx\",route=\"orders\",le=\"+Inf\"} 1\n");
  }

  @Test
  void goesOnCountingInTheNextGeneration() {
    LoopHistogram first = durations.of("orders", "2xx");
    assertThat(durations.of("orders", "2xx")).isSameAs(first);
    assertThat(durations.of("orders", "4xx")).isNotSameAs(first);
  }
}
