package dev.weir.drills.report;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * One chart of the picture, with the time from left to right.
 *
 * @param top and bottom in the picture's coordinates
 * @param highest the value at the top
 */
record Panel(Svg svg, int top, int bottom, int slots, double slotSeconds, double highest) {
  static final int WIDTH = 960;
  static final int LEFT = 64;
  static final int RIGHT = 190;
  private static final int STEPS = 4;
  private static final String GRID = "stroke=\"#e2e8f0\"";
  private static final String NUMBER = "text-anchor=\"end\" fill=\"#4a5568\"";
  private static final int SECONDS_MARKED = 10;

  /** Draws the grid, and says what is shown. */
  void frame(String title, boolean wholeNumbers) {
    for (int i = 0; i <= STEPS; i++) {
      double value = highest * i / STEPS;
      svg.line(LEFT, y(value), WIDTH - RIGHT, y(value), GRID);
      var number =
          String.format(Locale.ROOT, wholeNumbers || highest >= 8 ? "%,.0f" : "%,.1f", value);
      svg.words(LEFT - 6, y(value) + 4, number, NUMBER);
    }
    svg.words(LEFT, top - 8, title, "font-weight=\"bold\"");
  }

  /** Writes the seconds below. */
  void seconds() {
    double length = slots * slotSeconds;
    double step = Math.max(1, Math.ceil(length / SECONDS_MARKED));
    for (double second = 0; second <= length; second += step) {
      svg.words(
          x(second / slotSeconds),
          bottom + 16,
          Math.round(second) + " s",
          "text-anchor=\"middle\"");
    }
  }

  /** Draws a line through the middle of each slot. */
  void line(IntToDoubleFunction value, String colour) {
    var points = new StringBuilder();
    for (int slot = 0; slot < slots; slot++) {
      points.append(point(slot + 0.5, value.applyAsDouble(slot)));
    }
    svg.polyline(points.toString(), colour);
  }

  /** Fills between two lines. */
  void band(IntToDoubleFunction low, IntToDoubleFunction high, String colour) {
    var points = new StringBuilder();
    for (int slot = 0; slot < slots; slot++) {
      points.append(point(slot, high.applyAsDouble(slot)));
      points.append(point(slot + 1, high.applyAsDouble(slot)));
    }
    for (int slot = slots - 1; slot >= 0; slot--) {
      points.append(point(slot + 1, low.applyAsDouble(slot)));
      points.append(point(slot, low.applyAsDouble(slot)));
    }
    svg.area(points.toString(), colour);
  }

  /** Writes one line of the legend on the right. */
  void legend(int row, String colour, String words) {
    double y = top + 12 + row * 17;
    svg.box(WIDTH - RIGHT + 12, y - 9, 10, colour);
    svg.words(WIDTH - RIGHT + 28, y, words, "");
  }

  double x(double slot) {
    return LEFT + slot * (WIDTH - LEFT - RIGHT) / Math.max(1, slots);
  }

  double y(double value) {
    double share = highest == 0 ? 0 : Math.clamp(value / highest, 0, 1);
    return bottom - share * (bottom - top);
  }

  private String point(double slot, double value) {
    return Svg.at(x(slot)) + "," + Svg.at(y(value)) + " ";
  }
}
