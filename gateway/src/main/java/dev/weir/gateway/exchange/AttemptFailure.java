package dev.weir.gateway.exchange;

import java.util.Locale;

/** Why one attempt gave no response head; without a stack trace. */
public final class AttemptFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final boolean requestSent;

  /** What went wrong. */
  public enum Kind {
    /** Refused, unreachable or not connected in time. */
    CONNECT_FAILED,
    /** The pool is at its bound and its queue is full or too slow. */
    POOL_EXHAUSTED,
    /** The connection closed before a response head. */
    RESET,
    /** No response head in time. */
    TIMEOUT,
    /** The answer is not HTTP. */
    PROTOCOL,
    /** The client's body ended early or broke a bound; not the upstream's fault. */
    REQUEST_ABORTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Returns the metric label. */
    public String label() {
      return label;
    }
  }

  /**
   * Describes a failed attempt.
   *
   * @param requestSent whether any byte of the request may have reached the upstream
   */
  public AttemptFailure(Kind kind, boolean requestSent, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.requestSent = requestSent;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns whether any byte of the request may have reached the upstream. */
  public boolean requestSent() {
    return requestSent;
  }
}
