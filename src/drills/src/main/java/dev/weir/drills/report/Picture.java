package dev.weir.drills.report;

import dev.weir.drills.timeline.Figures;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome.Kind;
import dev.weir.drills.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws a run above one axis of time: good answers by lane, refusals and errors by their reason,
 * and the latency of the good ones; with a line where something was broken or mended.
 */
public final class Picture {
  private static final int HEIGHT = 620;
  private static final double SLOT_SECONDS = Timeline.SLOT.toMillis() / 1e3;
  private static final int REASONS_SHOWN = 7;
  private static final String[] GOOD = {"#2b6cb0", "#63b3ed", "#38a169", "#805ad5", "#319795"};
  private static final String[] BAD = {
    "#dd6b20", "#d69e2e", "#b83280", "#9c4221", "#718096", "#97266d", "#a0aec0"
  };
  private static final double[] TOPS = {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8};
  private static final String FAILED = "#e53e3e";

  private final String title;
  private final Timeline timeline;
  private final List<Mark> marks;
  private final List<Figures> slots = new ArrayList<>();
  private final Svg svg = new Svg(Panel.WIDTH, HEIGHT);

  /** Prepares the picture of a run. */
  public Picture(String title, Timeline timeline, List<Mark> marks) {
    this.title = title;
    this.timeline = timeline;
    this.marks = List.copyOf(marks);
    for (int slot = 0; slot < timeline.length(); slot++) {
      slots.add(
          timeline.between(Timeline.SLOT.multipliedBy(slot), Timeline.SLOT.multipliedBy(slot + 1)));
    }
  }

  /** Writes it; folders are made. */
  public void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text());
  }

  String text() {
    svg.words(Panel.LEFT, 20, title, "font-size=\"14\" font-weight=\"bold\"");
    var good = panel(68, 210, highestCount(Kind.GOOD));
    good.frame("Good answers a second, by kind of request", true);
    lanes(good);
    var bad = panel(250, 392, Math.max(highestCount(Kind.REFUSED), highestCount(Kind.FAILED)));
    bad.frame("Refused, and failed in other ways, a second", true);
    reasons(bad);
    var latency = panel(432, 574, latencyBound());
    latency.frame("Latency of the good answers from when each was due, ms", false);
    latencies(latency);
    latency.seconds();
    marks(good, latency);
    return svg.end();
  }

  private Panel panel(int top, int bottom, double highest) {
    return new Panel(svg, top, bottom, slots.size(), SLOT_SECONDS, rounded(highest));
  }

  /** A number at the top whose quarters read well. */
  static double rounded(double highest) {
    double size = Math.pow(10, Math.floor(Math.log10(Math.max(1, highest))));
    for (double step : TOPS) {
      if (step * size >= highest) {
        return step * size;
      }
    }
    return 10 * size;
  }

  private double highestCount(Kind kind) {
    return slots.stream()
            .mapToDouble(slot -> slot.of(kind).values().stream().mapToLong(n -> n).sum())
            .max()
            .orElse(0)
        / SLOT_SECONDS;
  }

  private void lanes(Panel panel) {
    double[] base = new double[slots.size()];
    for (int lane = 0; lane < timeline.lanes().size(); lane++) {
      double[] low = base.clone();
      for (int slot = 0; slot < low.length; slot++) {
        base[slot] += laneAt(timeline.lanes().get(lane), slot).good() / SLOT_SECONDS;
      }
      double[] high = base.clone();
      var colour = GOOD[lane % GOOD.length];
      panel.band(slot -> low[slot], slot -> high[slot], colour);
      panel.legend(lane, colour, timeline.lanes().get(lane));
    }
  }

  private Figures laneAt(String lane, int slot) {
    return timeline.between(
        lane, Timeline.SLOT.multipliedBy(slot), Timeline.SLOT.multipliedBy(slot + 1));
  }

  private void reasons(Panel panel) {
    int row = 0;
    for (var reason : frequent(Kind.REFUSED)) {
      var colour = BAD[row % BAD.length];
      panel.line(slot -> count(slot, Kind.REFUSED, reason), colour);
      panel.legend(row++, colour, reason);
    }
    for (var reason : frequent(Kind.FAILED)) {
      panel.line(slot -> count(slot, Kind.FAILED, reason), FAILED);
      panel.legend(row++, FAILED, reason);
    }
  }

  private double count(int slot, Kind kind, String reason) {
    return slots.get(slot).of(kind).getOrDefault(reason, 0L) / SLOT_SECONDS;
  }

  private List<String> frequent(Kind kind) {
    Map<String, Long> sum = new HashMap<>();
    slots.forEach(slot -> slot.of(kind).forEach((reason, n) -> sum.merge(reason, n, Long::sum)));
    return sum.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry<String, Long>::getValue).reversed())
        .limit(REASONS_SHOWN)
        .map(Map.Entry::getKey)
        .toList();
  }

  private double latencyBound() {
    return slots.stream().mapToDouble(slot -> slot.goodMillis(0.99)).max().orElse(0);
  }

  private void latencies(Panel panel) {
    panel.line(slot -> slots.get(slot).goodMillis(0.99), "#2c5282");
    panel.line(slot -> slots.get(slot).goodMillis(0.5), "#90cdf4");
    panel.legend(0, "#2c5282", "p99");
    panel.legend(1, "#90cdf4", "p50");
  }

  private void marks(Panel first, Panel last) {
    int row = 0;
    for (var mark : marks) {
      double x = first.x(mark.at().toNanos() / (double) Timeline.SLOT.toNanos());
      var colour = colour(mark.kind());
      svg.line(
          x,
          first.top(),
          x,
          last.bottom(),
          "stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"".formatted(colour));
      svg.words(x + 3, 36 + row++ % 2 * 13, mark.label(), "fill=\"" + colour + "\"");
    }
  }

  private static String colour(Mark.Kind kind) {
    return switch (kind) {
      case BREAK -> "#c53030";
      case MEND -> "#2f855a";
      case STEP -> "#4a5568";
    };
  }
}
