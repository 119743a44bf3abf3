package dev.weir.auth.config;

/**
 * The process cannot start: what is wrong and how to mend it, in one line for the person who
 * started it.
 */
public final class StartRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String line;

  public StartRefused(String what, String remedy) {
    super(what + "; " + remedy, null, false, false);
    this.line = what + "; " + remedy;
  }

  /** Returns what the person is told. */
  public String line() {
    return line;
  }
}
