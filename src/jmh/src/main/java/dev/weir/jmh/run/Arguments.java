package dev.weir.jmh.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a person asked for.
 *
 * @param only which benches, by a part of {@code package.Class.method}
 */
public record Arguments(Pace pace, Pattern only) {
  /** One line that says what is allowed. */
  public static final String USAGE = "usage: ./weir bench jmh [--quick] [REGEX]";

  /** Reads the command line. */
  public static Arguments parse(List<String> arguments) throws UsageException {
    List<String> left = new ArrayList<>(arguments);
    Pace pace = left.remove("--quick") ? Pace.QUICK : Pace.FULL;
    if (left.size() > 1) {
      throw new UsageException("one regular expression at most, not " + left);
    }
    if (!left.isEmpty() && left.getFirst().startsWith("-")) {
      throw new UsageException("unknown option " + left.getFirst());
    }
    try {
      return new Arguments(pace, Pattern.compile(left.isEmpty() ? "." : left.getFirst()));
    } catch (PatternSyntaxException malformed) {
      throw new UsageException("not a regular expression: " + malformed.getDescription());
    }
  }

  Predicate<String> selection() {
    return only.asPredicate();
  }
}
