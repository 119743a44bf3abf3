package dev.weir.bench.ceiling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Draws the run: what passed through each gateway in each second, stacked, and what was refused.
 */
final class Picture {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int RIGHT = 20;
  private static final int TOP = 50;
  private static final int BOTTOM = 40;
  private static final String[] COLOURS = {"#2b6cb0", "#63b3ed", "#a3bffa", "#805ad5", "#d6bcfa"};

  private final Evidence evidence;
  private final String bars;
  private final int seconds;
  private final double top;
  private final StringBuilder svg = new StringBuilder();

  /** Draws; {@code bars} says what the bars on top are, if there are any. */
  Picture(Evidence evidence, String bars) {
    this.evidence = evidence;
    this.bars = bars;
    this.seconds = (int) evidence.options().length().toSeconds();
    this.top =
        1.1 * (double) Math.max(2 * evidence.options().limit(), evidence.options().offered());
  }

  /** Writes it; folders are made. */
  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text());
  }

  String text() {
    add(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">")
            .formatted(WIDTH, HEIGHT));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>".formatted(WIDTH, HEIGHT));
    axes();
    passed();
    refused();
    ceiling();
    outages();
    legend();
    return svg.append("</svg>\n").toString();
  }

  private void axes() {
    for (int i = 0; i <= 4; i++) {
      double value = top * i / 4;
      add(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#e2e8f0\"/>"
              .formatted(LEFT, WIDTH - RIGHT, y(value), y(value)));
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%,d</text>"
              .formatted(LEFT - 6, y(value) + 4, Math.round(value)));
    }
    for (int i = 0; i <= 6; i++) {
      double second = seconds * i / 6.0;
      add(
          "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%d s</text>"
              .formatted(x(second), HEIGHT - BOTTOM + 18, Math.round(second)));
    }
  }

  private void passed() {
    double[] base = new double[seconds];
    for (int gateway = 0; gateway < evidence.options().gateways(); gateway++) {
      long[] own = evidence.perSecond(gateway);
      var points = new StringBuilder();
      for (int i = 0; i < seconds; i++) {
        points.append(step(i, base[i] + own[i]));
      }
      for (int i = seconds - 1; i >= 0; i--) {
        points.append(point(i + 1, base[i])).append(point(i, base[i]));
        base[i] += own[i];
      }
      add("<polygon points=\"%s\" fill=\"%s\"/>".formatted(points, colour(gateway)));
    }
  }

  private void refused() {
    var points = new StringBuilder();
    for (int i = 0; i < seconds; i++) {
      points.append(step(i, (double) evidence.refused(i, i + 1)));
    }
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"#718096\"/>".formatted(points));
  }

  private void ceiling() {
    double limit = evidence.options().limit();
    add(
        ("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#c53030\" stroke-width=\"2\""
                + " stroke-dasharray=\"6 4\"/>")
            .formatted(LEFT, WIDTH - RIGHT, y(limit), y(limit)));
  }

  private void outages() {
    for (var outage : evidence.outages()) {
      double from = (outage.fromNanos() - evidence.beginNanos()) / 1e9;
      double to = Math.min(seconds, (outage.toNanos() - evidence.beginNanos()) / 1e9);
      add(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"5\"/>"
              .formatted(x(from), x(to), TOP - 6, TOP - 6, colour(outage.gateway())));
    }
  }

  private void legend() {
    var options = evidence.options();
    add(
        ("<text x=\"%d\" y=\"20\">Passed per second through each of %d gateways (filled), refused"
                + " (grey), limit %,d/s with a burst of %,d per caller (red, dashed)%s</text>")
            .formatted(
                LEFT,
                options.gateways(),
                options.perSecond(),
                options.burst(),
                bars.isEmpty() ? "" : "; bars on top: " + bars));
  }

  private static String colour(int gateway) {
    return COLOURS[gateway % COLOURS.length];
  }

  private String step(int second, double value) {
    return point(second, value) + point(second + 1, value);
  }

  private String point(double second, double value) {
    return x(second) + "," + y(value) + " ";
  }

  private int x(double second) {
    return (int) Math.round(LEFT + second * (WIDTH - LEFT - RIGHT) / seconds);
  }

  private int y(double value) {
    double height = Math.min(value, top) * (HEIGHT - TOP - BOTTOM) / top;
    return (int) Math.round(HEIGHT - BOTTOM - height);
  }

  private void add(String element) {
    svg.append(element).append('\n');
  }
}
