package dev.weir.gateway.routefile;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole number and its unit. The unit is never guessed: 5 has meant seconds to one gateway and
 * milliseconds to the next.
 */
record DurationFormat(Duration least, Duration most) implements Format<Duration> {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("([0-9]{1,10}(?:\\.[0-9]{1,6})?)\\s*([a-zA-Z]{0,12})");
  private static final Units UNITS =
      Units.of(
          List.of("ms", "s", "m", "h", "d"),
          List.of(1L, 1_000L, 60L, 60L, 24L),
          Map.ofEntries(
              Map.entry("msec", "ms"),
              Map.entry("millis", "ms"),
              Map.entry("milliseconds", "ms"),
              Map.entry("sec", "s"),
              Map.entry("secs", "s"),
              Map.entry("second", "s"),
              Map.entry("seconds", "s"),
              Map.entry("min", "m"),
              Map.entry("mins", "m"),
              Map.entry("minute", "m"),
              Map.entry("minutes", "m"),
              Map.entry("hr", "h"),
              Map.entry("hour", "h"),
              Map.entry("hours", "h"),
              Map.entry("day", "d"),
              Map.entry("days", "d")));

  @Override
  public String allowed() {
    return "a duration from %s to %s, with its unit ms, s, m, h or d"
        .formatted(text(least), text(most));
  }

  @Override
  public Reading<Duration> read(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Reading.bad("'" + text + "' is not a duration", "write it like " + example());
    }
    String number = matcher.group(1);
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      return new Reading.Bad<>(
          ProblemCode.UNIT_MISSING,
          "'" + text + "' has no unit",
          "write %ss or %sms".formatted(number, number));
    }
    Optional<Duration> meant = meant(number, unit);
    if (meant.isEmpty()) {
      return Reading.bad("'" + text + "' has an unknown unit", "write it like " + example());
    }
    if (!UNITS.has(unit) || !text.equals(number + unit) || number.contains(".")) {
      return Reading.bad(
          "'" + text + "' is not a whole number and a unit", "write " + text(meant.get()));
    }
    return bounded(text, meant.get());
  }

  private Reading<Duration> bounded(String text, Duration value) {
    if (value.compareTo(least) < 0) {
      return Reading.outOfBounds("'" + text + "' is too short", "write at least " + text(least));
    }
    if (value.compareTo(most) > 0) {
      return Reading.outOfBounds("'" + text + "' is too long", "write at most " + text(most));
    }
    return new Reading.Good<>(value);
  }

  private static Optional<Duration> meant(String number, String unit) {
    return Optional.of(UNITS.meant(unit))
        .filter(UNITS::has)
        .map(UNITS::size)
        .map(millis -> new BigDecimal(number).multiply(BigDecimal.valueOf(millis)))
        .map(millis -> Duration.ofMillis(millis.longValue()));
  }

  private String example() {
    return text(least.isZero() || least.toSeconds() == 0 ? Duration.ofMillis(250) : least);
  }

  /** Returns a duration as the file writes it, in the largest unit that keeps it whole. */
  static String text(Duration duration) {
    return duration.toMillis() == 0 ? "0s" : UNITS.text(duration.toMillis());
  }
}
