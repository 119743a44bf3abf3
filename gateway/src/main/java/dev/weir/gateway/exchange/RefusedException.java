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

  /** Carries this rejection. */
  public RefusedException(Rejection rejection) {
    super(rejection.error().code(), null, false, false);
    this.rejection = rejection;
  }

  /** Says that an attempt's time ran out on the client's body: no fault of the upstream. */
  public static RefusedException bodyTooSlow() {
    return new RefusedException(BODY_TOO_SLOW);
  }

  /** Returns what it carries. */
  public Rejection rejection() {
    return rejection;
  }
}
