package dev.weir.drills.timeline;

/**
 * What came of one request, as its client saw it.
 *
 * @param label a status, with the problem's code where there is one; or what went wrong
 */
public record Outcome(Kind kind, String label) {
  /** The three things that can happen to a request. */
  public enum Kind {
    /** The answer that was asked for. */
    GOOD,
    /** A refusal that says why: a problem with a code (RFC 9457). */
    REFUSED,
    /** Anything else: no answer, half an answer, a status without a reason. */
    FAILED
  }

  /** The answer that was asked for. */
  public static Outcome good(int status) {
    return new Outcome(Kind.GOOD, Integer.toString(status));
  }

  /** A refusal with its code. */
  public static Outcome refused(int status, String code) {
    return new Outcome(Kind.REFUSED, status + " " + code);
  }

  /** An error, in a word or two. */
  public static Outcome failed(String what) {
    return new Outcome(Kind.FAILED, what);
  }
}
