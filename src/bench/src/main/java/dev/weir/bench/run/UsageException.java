package dev.weir.bench.run;

import java.io.Serial;

/** The command line makes no sense; the message says why. */
public final class UsageException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
