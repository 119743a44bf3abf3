package dev.weir.drills.report;

import java.util.Locale;

/** Writes the few shapes that a chart is made of. */
final class Svg {
  private final StringBuilder text = new StringBuilder();

  Svg(int width, int height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                .formatted(width, height)
            + " font-size=\"12\" width=\"%d\" height=\"%d\">".formatted(width, height));
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>".formatted(width, height));
  }

  void line(double x1, double y1, double x2, double y2, String style) {
    add(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>"
            .formatted(at(x1), at(y1), at(x2), at(y2), style));
  }

  void words(double x, double y, String words, String style) {
    add("<text x=\"%s\" y=\"%s\" %s>%s</text>".formatted(at(x), at(y), style, escaped(words)));
  }

  void area(String points, String fill) {
    add("<polygon points=\"%s\" fill=\"%s\"/>".formatted(points, fill));
  }

  void polyline(String points, String colour) {
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>"
            .formatted(points, colour));
  }

  void box(double x, double y, double size, String fill) {
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
            .formatted(at(x), at(y), at(size), at(size), fill));
  }

  String end() {
    return text + "</svg>\n";
  }

  /** A coordinate with one digit behind the point, whatever the machine's language is. */
  static String at(double coordinate) {
    return String.format(Locale.ROOT, "%.1f", coordinate);
  }

  /** What may not stand in text as it is. */
  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void add(String element) {
    text.append(element).append('\n');
  }
}
