package dev.weir.jmh.run;

/** What was asked for cannot be done; the message says why. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
