package dev.weir.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The side questions as tables. */
final class SideTable {
  private static final List<String> HEAD = List.of("weir", "req/s", "CPU us/request", "ratio");

  private final List<SideSample> samples;

  SideTable(List<SideSample> samples) {
    this.samples = samples;
  }

  String text() {
    var text = new StringBuilder();
    for (var group : samples.stream().map(SideSample::group).distinct().toList()) {
      var inGroup = samples.stream().filter(sample -> sample.group().equals(group)).toList();
      for (var protocol : inGroup.stream().map(SideSample::protocol).distinct().toList()) {
        var rows = inGroup.stream().filter(sample -> sample.protocol().equals(protocol)).toList();
        text.append("\n%s, %s\n%s".formatted(group, protocol, table(rows)));
      }
    }
    return text.toString();
  }

  private static String table(List<SideSample> samples) {
    var table = new ArrayList<List<String>>(List.of(HEAD));
    var base = cpuByRound(samples, samples.getFirst().cell());
    for (var cell : samples.stream().map(SideSample::cell).distinct().toList()) {
      var sound = samples.stream().filter(sample -> isSound(sample, cell)).toList();
      table.add(
          List.of(
              cell,
              Tables.text(Spread.of(sound.stream().mapToDouble(SideSample::perSecond)), "%,.0f"),
              Tables.text(Spread.of(sound.stream().mapToDouble(SideSample::cpuMicros)), "%.1f"),
              Spread.ofRatios(cpuByRound(samples, cell), base)
                  .map(ratio -> "%.2fx".formatted(ratio.median()))
                  .orElse("-")));
    }
    return Tables.align(table);
  }

  private static boolean isSound(SideSample sample, String cell) {
    return sample.cell().equals(cell) && sample.fault().isEmpty();
  }

  private static double[] cpuByRound(List<SideSample> samples, String cell) {
    double[] values = new double[1 + samples.stream().mapToInt(SideSample::round).max().orElse(0)];
    Arrays.fill(values, Double.NaN);
    samples.stream()
        .filter(sample -> isSound(sample, cell))
        .forEach(sample -> values[sample.round()] = sample.cpuMicros());
    return values;
  }
}
