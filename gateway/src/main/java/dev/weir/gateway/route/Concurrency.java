package dev.weir.gateway.route;

/**
 * Whether the gateway finds out by itself how many requests an upstream bears at once.
 *
 * @param minimum never fewer are let through than this, per instance
 */
public record Concurrency(Mode mode, int minimum) {
  /** What an upstream gets that says nothing. */
  public static final Concurrency STANDARD = new Concurrency(Mode.ADAPTIVE, 4);

  /** What is done with what was found out. */
  public enum Mode {
    /** What comes beyond is refused. */
    ADAPTIVE,
    /** What would be refused is counted, and let through. */
    SHADOW,
    /** Nothing is measured. */
    OFF
  }

  /** Checks the bound. */
  public Concurrency {
    if (minimum < 1) {
      throw new IllegalArgumentException("minimum must be at least 1: " + minimum);
    }
  }
}
