package dev.weir.bench.report;

import java.util.ArrayList;
import java.util.List;

/** The results as tables for a person. */
public final class TextReport {
  private static final List<String> HEAD =
      List.of(
          "contender",
          "req/s",
          "CPU us/request",
          "busy",
          "weir's CPU",
          "Redis/1000",
          "p50 us",
          "p99 us",
          "p99.9 us",
          "added p50");
  private static final List<String> PRESENCE_HEAD =
      List.of("contender", "first 200 after", "RSS MiB", "peak MiB");

  private final Results results;
  private final List<Row> rows;

  /**
   * @param reference the contender that others are compared with
   */
  public TextReport(Results results, String reference) {
    this.results = results;
    this.rows = new Summary(results, reference).rows();
  }

  /** The tables, one for each mode and protocol and one for each mode. */
  public String text() {
    var text = new StringBuilder();
    for (var mode : rows.stream().map(Row::mode).distinct().toList()) {
      var inMode = rows.stream().filter(row -> row.mode().equals(mode)).toList();
      for (var protocol : inMode.stream().map(Row::protocol).distinct().toList()) {
        text.append("\n%s, %s%s\n".formatted(mode, protocol, rate(mode, protocol)));
        var table = new ArrayList<List<String>>(List.of(HEAD));
        inMode.stream()
            .filter(row -> row.protocol().equals(protocol))
            .map(TextReport::cells)
            .forEach(table::add);
        text.append(Tables.align(table));
      }
      text.append(presences(mode));
    }
    text.append(new SideTable(results.side()).text());
    for (var exclusion : results.exclusions()) {
      text.append(
          "\nnot in %s: %s: %s"
              .formatted(exclusion.mode(), exclusion.contender(), exclusion.reason()));
    }
    for (var fault : results.faults()) {
      text.append("\nFAULT ").append(fault);
    }
    return text.append('\n').toString();
  }

  private String rate(String mode, String protocol) {
    return results.open().stream()
        .filter(sample -> sample.mode().equals(mode) && sample.protocol().equals(protocol))
        .map(sample -> "; latencies at %,.0f/s, open loop".formatted(sample.ratePerSecond()))
        .findFirst()
        .orElse("");
  }

  private static List<String> cells(Row row) {
    return List.of(
        row.contender(),
        Tables.text(row.perSecond(), "%,.0f"),
        Tables.text(row.cpuMicros(), "%.1f"),
        row.busy().map(busy -> "%.0f%%".formatted(busy.median() * 100)).orElse("-"),
        row.weirRatio().map(ratio -> "%.2fx".formatted(ratio.median())).orElse("-"),
        Tables.median(row.redisPerThousand()),
        row.held() ? Tables.median(row.p50()) : "not held",
        row.held() ? Tables.median(row.p99()) : "-",
        row.held() ? Tables.median(row.p999()) : "-",
        row.held() ? Tables.median(row.addedP50()) : "-");
  }

  private String presences(String mode) {
    var table = new ArrayList<List<String>>(List.of(PRESENCE_HEAD));
    for (var presence : results.presences()) {
      if (presence.mode().equals(mode)) {
        table.add(
            List.of(
                presence.contender(),
                "%,d ms".formatted(presence.startMillis()),
                "%.0f".formatted(presence.residentKibibytes() / 1024.0),
                "%.0f".formatted(presence.peakKibibytes() / 1024.0)));
      }
    }
    return table.size() == 1 ? "" : "\n" + Tables.align(table);
  }
}
