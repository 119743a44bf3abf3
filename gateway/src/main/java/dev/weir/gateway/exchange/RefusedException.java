package dev.weir.gateway.exchange;

import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;

/**
 * Carries a rejection through an operator chain, which knows no other way; without a stack trace.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  private static final Rejection BODY_TOO_SLOW =
      Rejection.of(GatewayError.REQUEST_TIMEOUT, "The request body did not arrive in time.");

  private static final Rejection HEAD_TOO_LONG =
      Rejection.of(
          GatewayError.TOO_MANY_FIELDS, "The upstream takes fewer or shorter header fields.");

  /** Carries this rejection. */
  public RefusedException(Rejection rejection) {
    super(rejection.error().code(), null, false, false);
    this.rejection = rejection;
  }

  /** Says that an attempt's time ran out on the client's body: no fault of the upstream. */
  public static RefusedException bodyTooSlow() {
    return new RefusedException(BODY_TOO_SLOW);
  }

  /** Says that an upstream's bound on header fields is below ours: no fault of the upstream. */
  public static RefusedException headTooLong() {
    return new RefusedException(HEAD_TOO_LONG);
  }

  /** Returns what it carries. */
  public Rejection rejection() {
    return rejection;
  }
}
