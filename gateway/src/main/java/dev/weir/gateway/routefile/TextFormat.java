package dev.weir.gateway.routefile;

import java.util.regex.Pattern;

/** A text of one shape. The pattern is matched at reload only, never per request. */
record TextFormat(String noun, Pattern pattern, String allowed, String fix)
    implements Format<String> {

  @Override
  public Reading<String> read(String text) {
    if (!pattern.matcher(text).matches()) {
      return Reading.bad("'" + shortened(text) + "' is not " + noun, fix);
    }
    return new Reading.Good<>(text);
  }

  /** Keeps a complaint about a long text on one line. */
  static String shortened(String text) {
    String oneLine = text.replaceAll("\\p{Cntrl}", " ");
    return oneLine.length() <= 80 ? oneLine : oneLine.substring(0, 80) + "...";
  }
}
