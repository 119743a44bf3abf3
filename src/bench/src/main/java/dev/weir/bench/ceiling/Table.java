package dev.weir.bench.ceiling;

/** Writes the verdict for a person. */
final class Table {
  private static final double CALLS_GOAL = 20;
  private static final double CARRIED = 0.9;
  private static final double MILLI = 1e6;

  private final Evidence evidence;
  private final Verdict verdict;
  private final Options options;
  private final StringBuilder text = new StringBuilder();

  Table(Evidence evidence, Verdict verdict) {
    this.evidence = evidence;
    this.verdict = verdict;
    this.options = evidence.options();
  }

  String text() {
    line(
        "%n%,d/s and a burst of %,d per caller; %d gateways, %d caller(s), %,d/s offered; %d s, seed %d"
            .formatted(
                options.perSecond(),
                options.burst(),
                options.gateways(),
                options.callers(),
                options.offered(),
                options.length().toSeconds(),
                options.seed()));
    line("%n%-24s %-46s %-16s %s".formatted("", "seen at the upstream", "bound", ""));
    offered();
    interval("whole run", verdict.whole());
    interval("fullest interval", verdict.fullest());
    share();
    calls();
    below();
    notes();
    return text.toString();
  }

  private void offered() {
    long sent = evidence.offered().total();
    double planned =
        Phase.plan(options).stream().mapToDouble(phase -> phase.planned(options)).sum();
    row(
        "offered",
        "%,d requests".formatted(sent),
        "%,d planned".formatted(Math.round(planned)),
        sent < CARRIED * planned && !options.kills() ? "the machine was too slow" : "");
  }

  private void interval(String name, Ceiling.Interval interval) {
    row(
        name,
        "%,d passed in %.3f s"
            .formatted(interval.passed(), (interval.toNanos() - interval.fromNanos()) / 1e9),
        "%,d".formatted(interval.most()),
        interval.holds() ? "held" : "BROKEN by " + (interval.passed() - interval.most()));
  }

  private void share() {
    var use = verdict.use();
    if (use.available() == 0) {
      row("share used", "never more offered than the limit", "", "");
      return;
    }
    row(
        "share used",
        "%,d of %,d, %.1f %%".formatted(use.passed(), use.available(), 100 * use.share()),
        "95 % or more",
        verdict.shareIsUsed() ? "held" : "MISSED");
  }

  private void calls() {
    double calls = evidence.callsPerThousand();
    row(
        "Redis calls per 1,000",
        "%.1f (%,d calls, %,d answers)"
            .formatted(calls, evidence.redisCalls(), evidence.answered()),
        "under 20",
        calls < CALLS_GOAL ? "held" : "above");
    for (int i = 0; i < options.gateways(); i++) {
      long own = evidence.meters().get(i).total(Meters.Counter.REDIS_CALLS);
      long answers = evidence.answers().get(i).answers();
      row(
          "  gateway " + (i + 1) + ", by its meters",
          "%.1f (%,d calls, %,d answers)"
              .formatted(own * 1000.0 / Math.max(1, answers), own, answers),
          "",
          "");
    }
  }

  private void below() {
    for (var phase : Phase.plan(options)) {
      int from = (int) Math.ceil(phase.from() * options.length().toSeconds()) + 1;
      int to = (int) (phase.to() * options.length().toSeconds());
      if (phase.isBelow(options) && from < to) {
        row(
            phase.name(),
            "%,d refused in seconds %d to %d".formatted(evidence.refused(from, to), from, to),
            "",
            "");
      }
    }
  }

  private void notes() {
    long[] travel = verdict.travelNanos();
    line(
        ("%nFrom sending to arrival: p50 %.1f ms, p99 %.1f ms, longest %.1f ms; arrivals alone ran"
                + " %d above the bucket.")
            .formatted(
                Ceiling.percentile(travel, 0.5) / MILLI,
                Ceiling.percentile(travel, 0.99) / MILLI,
                Ceiling.percentile(travel, 1) / MILLI,
                verdict.bunched()));
    line(
        "Leases: %,d tokens drawn ahead, %,d returned, %,d run out; decided without Redis: %,d."
            .formatted(
                evidence.total(Meters.Counter.LEASED),
                evidence.total(Meters.Counter.RETURNED),
                evidence.total(Meters.Counter.EXPIRED),
                evidence.total(Meters.Counter.FALLBACKS)));
    line(
        ("Answers other than 200 and 429: %s; sent and never answered: %,d; kills: %d; the wall"
                + " clock ran ahead by %d ms.")
            .formatted(
                evidence.others().isEmpty() ? "none" : evidence.others(),
                evidence.lost(),
                evidence.outages().size(),
                evidence.driftMillis()));
  }

  private void row(String name, String seen, String bound, String judgement) {
    line("%-24s %-46s %-16s %s".formatted(name, seen, bound, judgement));
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
