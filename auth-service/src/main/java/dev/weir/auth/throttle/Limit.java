package dev.weir.auth.throttle;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** So many attempts in a window that begins with the first of them. */
public record Limit(int attempts, Duration window) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,7})/(\\d{1,4})([smh])");

  public Limit {
    if (attempts < 1 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a limit allows at least one attempt in some time");
    }
  }

  /** Parses {@code 30/5m}: attempts, slash, window in s, m or h. */
  public static Limit parse(String text) {
    var matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected attempts/window such as 30/5m");
    }
    long amount = Long.parseLong(matcher.group(2));
    var window =
        switch (matcher.group(3)) {
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        };
    return new Limit(Integer.parseInt(matcher.group(1)), window);
  }
}
