package dev.weir.quickstart.process;

/** Says in one line why a part, and with it the run, cannot go on. */
public final class StartFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartFailedException(String line) {
    super(line, null, false, false);
  }

  /** The line for the person at the terminal. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
