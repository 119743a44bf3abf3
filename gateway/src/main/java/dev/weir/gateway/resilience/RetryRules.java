package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.RetryPolicy.Cause;
import java.util.Optional;

/** Says what of a route's retry policy a failed attempt falls under. */
final class RetryRules {
  private static final Optional<Cause> CONNECT = Optional.of(Cause.CONNECT);
  private static final Optional<Cause> RESET = Optional.of(Cause.RESET);
  private static final Optional<Cause> STATUS_502 = Optional.of(Cause.STATUS_502);
  private static final Optional<Cause> STATUS_503 = Optional.of(Cause.STATUS_503);
  private static final Optional<Cause> STATUS_504 = Optional.of(Cause.STATUS_504);

  private final RetryPolicy policy;

  RetryRules(RetryPolicy policy) {
    this.policy = policy;
  }

  /** Returns whether the policy asks for another attempt after this many. */
  boolean allow(Optional<Cause> cause, int attemptsMade) {
    return attemptsMade < policy.attempts() && cause.filter(policy.on()::contains).isPresent();
  }

  /**
   * Returns the cause that a failure counts as. No answer in time is what a gateway before us would
   * have called 504; where nothing was sent there was no connection, whatever the reason.
   */
  static Optional<Cause> causeOf(AttemptFailure failure) {
    return switch (failure.kind()) {
      case CONNECT_FAILED, POOL_EXHAUSTED -> CONNECT;
      case RESET -> RESET;
      case TIMEOUT -> failure.requestSent() ? STATUS_504 : CONNECT;
      case PROTOCOL, REQUEST_ABORTED -> Optional.empty();
    };
  }

  static Optional<Cause> causeOf(int status) {
    return switch (status) {
      case 502 -> STATUS_502;
      case 503 -> STATUS_503;
      case 504 -> STATUS_504;
      default -> Optional.empty();
    };
  }
}
