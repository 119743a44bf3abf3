package dev.weir.jmh.sample;

/** Ends a bench that computes something wrong: its figure would say nothing. */
public final class Expect {
  private Expect() {}

  /** Throws unless it is so; costs a comparison. */
  public static void that(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected: " + what);
    }
  }
}
