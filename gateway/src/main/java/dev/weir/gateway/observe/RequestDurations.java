package dev.weir.gateway.observe;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long requests took, by route and outcome, over all generations: what the registry of
 * Prometheus reads. Not one of Micrometer's timers, as those have all event loops write to the same
 * counts ({@link LoopHistogram}).
 *
 * <p>Bounded by the routes that were ever served: a series stays, as a counter that went away and
 * came back would look like a restart.
 */
public final class RequestDurations implements Collector {
  private static final String NAME =
      PrometheusNaming.prometheusName(GatewayMetrics.REQUEST_DURATION) + "_seconds";

  private record Series(String route, String outcome) {
    Labels labels() {
      return Labels.of("outcome", outcome, "route", route);
    }
  }

  private final int rows;
  private final Map<Series, LoopHistogram> histograms = new ConcurrentHashMap<>();

  /**
   * Has counted nothing yet.
   *
   * @param rows how many threads count apart, each by a number below this
   */
  public RequestDurations(int rows) {
    this.rows = rows;
  }

  /** Returns the histogram of a series; the same one whenever it is asked for. */
  LoopHistogram of(String route, String outcome) {
    return histograms.computeIfAbsent(
        new Series(route, outcome), series -> new LoopHistogram(rows));
  }

  @Override
  public HistogramSnapshot collect() {
    HistogramSnapshot.Builder snapshot =
        HistogramSnapshot.builder().name(NAME).help("How long requests took, by what came of them");
    histograms.forEach(
        (series, histogram) -> snapshot.dataPoint(histogram.snapshot(series.labels())));
    return snapshot.build();
  }
}
