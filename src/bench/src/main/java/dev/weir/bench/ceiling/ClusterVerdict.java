package dev.weir.bench.ceiling;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a loss of the buckets' master came to.
 *
 * @param above requests that passed above the ceiling, in the interval where that is the most
 * @param failures answers from 500 on, by status
 * @param degraded seconds without shared limits, by gateway
 */
record ClusterVerdict(
    Evidence evidence,
    Ceiling.Interval fullest,
    long above,
    Map<Integer, Long> failures,
    Map<Integer, Double> degraded) {
  private static final int SERVER_ERRORS = 500;
  private static final int CLOSED_ANSWER = 503;
  private static final String OPEN = "open";

  static ClusterVerdict of(Evidence evidence) {
    var fullest = Verdict.of(evidence).fullest();
    var failures = new TreeMap<>(evidence.others());
    failures.keySet().removeIf(status -> status < SERVER_ERRORS);
    var degraded = new TreeMap<Integer, Double>();
    for (int gateway = 0; gateway < evidence.options().gateways(); gateway++) {
      degraded.put(gateway, 0.0);
    }
    for (var outage : evidence.outages()) {
      degraded.merge(outage.gateway(), (outage.toNanos() - outage.fromNanos()) / 1e9, Double::sum);
    }
    long above = Math.max(0, fullest.passed() - fullest.most());
    return new ClusterVerdict(evidence, fullest, above, failures, degraded);
  }

  /**
   * Closed limits refuse with 503 while Redis is lost, as they were told to; nothing else may. Open
   * ones let everything pass meanwhile, so they have no ceiling to keep.
   */
  boolean isGood(ClusterOptions options) {
    boolean isClosed = options.onRedisLoss().equals(Routes.CLOSED);
    boolean hasCeiling = !options.onRedisLoss().equals(OPEN);
    boolean fails =
        failures.keySet().stream().anyMatch(status -> !isClosed || status != CLOSED_ANSWER);
    return (above == 0 || !hasCeiling) && !fails && evidence.lost() == 0;
  }

  String text(ClusterOptions options) {
    var load = options.load();
    return """

        %,d/s and a burst of %,d per caller, on-redis-loss %s; %d gateways, %,d/s offered for %d s
        requests above the ceiling  %,d  (fullest interval: %,d passed in %.3f s, from %.1f s on, %,d may)
        5xx                         %s
        seconds degraded            %s
        decided without Redis       %,d of %,d requests
        never answered              %,d
        """
        .formatted(
            load.perSecond(),
            load.burst(),
            options.onRedisLoss(),
            load.gateways(),
            load.offered(),
            load.length().toSeconds(),
            above,
            fullest.passed(),
            (fullest.toNanos() - fullest.fromNanos()) / 1e9,
            (fullest.fromNanos() - evidence.beginNanos()) / 1e9,
            fullest.most(),
            failures.isEmpty() ? "0" : told(options),
            degraded.entrySet().stream()
                .map(each -> "gateway %d: %.1f".formatted(each.getKey() + 1, each.getValue()))
                .collect(Collectors.joining(", ")),
            evidence.total(Meters.Counter.FALLBACKS) / 2,
            evidence.offered().total(),
            evidence.lost());
  }

  private String told(ClusterOptions options) {
    var isMeant =
        options.onRedisLoss().equals(Routes.CLOSED)
            && failures.keySet().equals(Set.of(CLOSED_ANSWER));
    return failures + (isMeant ? ", what `closed` asks for" : "");
  }
}
