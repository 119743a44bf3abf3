package dev.weir.drills.report;

import java.util.Locale;

/**
 * One thing that must hold, and what was seen.
 *
 * @param bound what was asked, in words
 * @param seen what there was instead or as well
 */
public record Criterion(String name, String bound, String seen, boolean held) {

  /** A share that must not be less than this; both from 0 to 1. */
  public static Criterion shareAtLeast(String name, double bound, double seen) {
    return new Criterion(name, percent(bound) + " or more", percent(seen), seen >= bound);
  }

  /** A time that must not be longer. */
  public static Criterion millisAtMost(String name, double bound, double seen) {
    return new Criterion(
        name, "%,.0f ms or less".formatted(bound), "%,.1f ms".formatted(seen), seen <= bound);
  }

  /** Something that must not happen once. */
  public static Criterion never(String name, long seen) {
    return new Criterion(name, "0", "%,d".formatted(seen), seen == 0);
  }

  /** Something that must be seen at all, or the drill drilled nothing. */
  public static Criterion seen(String name, long seen) {
    return new Criterion(name, "1 or more", "%,d".formatted(seen), seen > 0);
  }

  private static String percent(double share) {
    // Rounded down, lest 99.96 % read as a whole.
    return String.format(Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
  }
}
