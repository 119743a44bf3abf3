package dev.weir.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Turns samples into rows. */
final class Summary {
  private final Results results;
  private final String reference;

  /**
   * @param reference the contender whose CPU is compared with everyone's
   */
  Summary(Results results, String reference) {
    this.results = results;
    this.reference = reference;
  }

  List<Row> rows() {
    return results.closed().stream()
        .map(sample -> new Key(sample.mode(), sample.protocol(), sample.contender()))
        .distinct()
        .map(this::row)
        .toList();
  }

  private record Key(String mode, String protocol, String contender) {
    Key of(String other) {
      return new Key(mode, protocol, other);
    }
  }

  private Row row(Key key) {
    var closed = closed(key);
    var open = open(key);
    var p50 = spread(open, OpenSample::p50);
    var direct = spread(open(key.of(OpenSample.DIRECT)), OpenSample::p50);
    return new Row(
        key.mode(),
        key.protocol(),
        key.contender(),
        spread(closed, ClosedSample::perSecond),
        spread(closed, ClosedSample::cpuMicros),
        spread(closed, ClosedSample::busy),
        Spread.ofRatios(cpuByRound(key.of(reference)), cpuByRound(key)),
        spread(closed, ClosedSample::redisPerThousand),
        p50,
        spread(open, OpenSample::p99),
        spread(open, OpenSample::p999),
        p50.flatMap(ours -> direct.map(theirs -> minus(ours, theirs))),
        open.stream().allMatch(OpenSample::held));
  }

  private static Spread minus(Spread ours, Spread direct) {
    double added = ours.median() - direct.median();
    return new Spread(added, added, added);
  }

  private static <T> Optional<Spread> spread(List<T> samples, ToDoubleFunction<T> value) {
    return Spread.of(samples.stream().mapToDouble(value));
  }

  private List<ClosedSample> closed(Key key) {
    return results.closed().stream()
        .filter(sample -> sample.fault().isEmpty())
        .filter(sample -> key.equals(new Key(sample.mode(), sample.protocol(), sample.contender())))
        .toList();
  }

  private List<OpenSample> open(Key key) {
    return results.open().stream()
        .filter(sample -> sample.fault().isEmpty())
        .filter(sample -> key.equals(new Key(sample.mode(), sample.protocol(), sample.contender())))
        .toList();
  }

  private double[] cpuByRound(Key key) {
    int rounds = 1 + results.closed().stream().mapToInt(ClosedSample::round).max().orElse(0);
    double[] values = new double[rounds];
    Arrays.fill(values, Double.NaN);
    closed(key).forEach(sample -> values[sample.round()] = sample.cpuMicros());
    return values;
  }
}
