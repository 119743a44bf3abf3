package dev.weir.gateway.routefile;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole number of bytes and its unit; decimal units are refused, as readers disagree on them. */
record SizeFormat(long least, long most) implements Format<Long> {
  private static final Pattern NUMBER_AND_UNIT =
      Pattern.compile("([0-9]{1,13})\\s*([a-zA-Z]{0,3})");
  private static final Units UNITS =
      Units.of(
          List.of("B", "KiB", "MiB", "GiB", "TiB"),
          List.of(1L, 1024L, 1024L, 1024L, 1024L),
          Map.ofEntries(
              Map.entry("b", "B"),
              Map.entry("k", "KiB"),
              Map.entry("kb", "KiB"),
              Map.entry("kib", "KiB"),
              Map.entry("m", "MiB"),
              Map.entry("mb", "MiB"),
              Map.entry("mib", "MiB"),
              Map.entry("g", "GiB"),
              Map.entry("gb", "GiB"),
              Map.entry("gib", "GiB"),
              Map.entry("t", "TiB"),
              Map.entry("tb", "TiB"),
              Map.entry("tib", "TiB")));

  @Override
  public String allowed() {
    return "a size from %s to %s, with its unit B, KiB, MiB, GiB or TiB"
        .formatted(UNITS.text(least), UNITS.text(most));
  }

  @Override
  public Reading<Long> read(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Reading.bad("'" + text + "' is not a size", "write it like 64KiB or 1MiB");
    }
    String number = matcher.group(1);
    String unit = matcher.group(2);
    if (unit.isEmpty()) {
      return new Reading.Bad<>(
          ProblemCode.UNIT_MISSING,
          "'" + text + "' has no unit",
          "write %sB, or with KiB or MiB".formatted(number));
    }
    String meant = UNITS.meant(unit);
    if (!UNITS.has(meant)) {
      return Reading.bad("'" + text + "' has an unknown unit", "write it like 64KiB or 1MiB");
    }
    if (!text.equals(number + meant)) {
      return Reading.bad(
          "'" + text + "' is not a whole number and a unit of 1024", "write " + number + meant);
    }
    return bounded(text, Long.parseLong(number), UNITS.size(meant));
  }

  private Reading<Long> bounded(String text, long number, long unit) {
    if (number > most / unit) {
      return Reading.outOfBounds(
          "'" + text + "' is too large", "write at most " + UNITS.text(most));
    }
    if (number * unit < least) {
      return Reading.outOfBounds(
          "'" + text + "' is too small", "write at least " + UNITS.text(least));
    }
    return new Reading.Good<>(number * unit);
  }
}
