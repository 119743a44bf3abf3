package dev.weir.gateway.routefile;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens per window: {@code 100/1s}, {@code 5/10m}, {@code 1/250ms}. */
record RateFormat(int most, DurationFormat window) implements Format<RateFormat.Rate> {
  private static final Pattern NUMBER_AND_WINDOW = Pattern.compile("([0-9]{1,12})\\s*/\\s*(\\S+)");

  /** So many tokens flow in per window. */
  record Rate(int tokens, Duration window) {}

  @Override
  public String allowed() {
    return "N/WINDOW with N from 1 to %d and a window from %s to %s"
        .formatted(most, DurationFormat.text(window.least()), DurationFormat.text(window.most()));
  }

  @Override
  public Reading<Rate> read(String text) {
    Matcher matcher = NUMBER_AND_WINDOW.matcher(text);
    if (text.matches("[0-9]{1,12}")) {
      return new Reading.Bad<>(
          ProblemCode.UNIT_MISSING, "'" + text + "' has no window", "write " + text + "/1s");
    }
    if (!matcher.matches()) {
      return Reading.bad(
          "'" + TextFormat.shortened(text) + "' is not a rate", "write it like 100/1s");
    }
    long tokens = Long.parseLong(matcher.group(1));
    if (tokens < 1 || tokens > most) {
      return Reading.outOfBounds(
          "'" + text + "' has a number out of bounds", "write a number from 1 to " + most);
    }
    String written = matcher.group(2);
    if (written.matches("[a-zA-Z]+")) {
      boolean known = window.read("1" + written) instanceof Reading.Good<Duration>;
      return Reading.bad(
          "'" + text + "' has a window without a number",
          "write " + tokens + "/1" + (known ? written : "s"));
    }
    return switch (window.read(written)) {
      case Reading.Bad<Duration>(ProblemCode code, String message, String fix) ->
          new Reading.Bad<>(code, "window " + message, fix);
      case Reading.Good<Duration>(Duration value) -> spelled(text, (int) tokens, written, value);
    };
  }

  private static Reading<Rate> spelled(String text, int tokens, String written, Duration value) {
    if (!text.equals(tokens + "/" + written)) {
      return Reading.bad("'" + text + "' is not N/WINDOW", "write " + tokens + "/" + written);
    }
    return new Reading.Good<>(new Rate(tokens, value));
  }
}
