package dev.weir.bench.contender;

import java.io.Serial;

/** A contender does not start or does not do the work; the message is for the person who reads. */
public final class UnfitException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public UnfitException(String message) {
    super(message);
  }
}
