package dev.weir.gateway.throttle;

import java.util.Locale;

/** Why the shared buckets gave no answer; without a stack trace, as an outage makes many. */
public final class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What went wrong. */
  public enum Kind {
    /** There is no connection, or its queue is full. */
    UNREACHABLE,
    /** No answer in time. */
    TIMEOUT,
    /** An answer, but an error. */
    ERROR;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the metric label. */
    public String label() {
      return label;
    }
  }

  /** Describes a failure; the message goes into the log. */
  public StoreFailure(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }
}
