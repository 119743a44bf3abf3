package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Route;
import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * The refusals that a route's attempts can end in, made once: they say the same to every request,
 * and the exception has neither stack trace nor suppressed list, so it can be shared.
 */
final class RouteRefusals {
  private static final long BUSY_RETRY_SECONDS = 1;

  /** One to four seconds, so that the refused do not all come back in the same instant. */
  private static final int OVERLOADED_RETRIES = 4;

  private final RefusedException unreachable =
      refused(GatewayError.UPSTREAM_UNREACHABLE, "No endpoint of the upstream takes connections.");
  private final RefusedException unlocated =
      refused(GatewayError.UPSTREAM_UNREACHABLE, "DNS has not said where the upstream is.");
  private final RefusedException reset =
      refused(
          GatewayError.UPSTREAM_RESET, "The upstream closed the connection before it answered.");
  private final RefusedException protocol =
      refused(GatewayError.UPSTREAM_PROTOCOL, "The upstream's answer is not valid HTTP/1.1.");
  private final RefusedException busy =
      new RefusedException(
          Rejection.retryAfter(
              GatewayError.UPSTREAM_BUSY,
              "All connections to the upstream are in use.",
              BUSY_RETRY_SECONDS));
  private final RefusedException full =
      new RefusedException(
          Rejection.retryAfter(
              GatewayError.UPSTREAM_BUSY,
              "The upstream has as many requests as it may have at once.",
              BUSY_RETRY_SECONDS));
  private final RefusedException[] overloaded = overloaded();
  private final RefusedException aborted =
      refused(GatewayError.CLIENT_ABORTED, "The request body ended early.");
  private final RefusedException callerDeadline =
      refused(
          GatewayError.DEADLINE_EXCEEDED,
          "The upstream gave no answer within the time that the proxy before this gateway gave.");
  private final RefusedException deadline;
  private final RefusedException attemptTimeout;

  RouteRefusals(Route route) {
    deadline = tooLate("the route's deadline of ", route.deadline());
    attemptTimeout = tooLate("the route's attempt timeout of ", route.attemptTimeout());
  }

  private static RefusedException tooLate(String bound, Duration length) {
    return refused(
        GatewayError.DEADLINE_EXCEEDED,
        "The upstream gave no answer within " + bound + spell(length) + ".");
  }

  /** Spells as the route file does: 2s, 250ms. */
  private static String spell(Duration length) {
    long millis = length.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  private static RefusedException refused(GatewayError error, String detail) {
    return new RefusedException(Rejection.of(error, detail));
  }

  RefusedException deadline() {
    return deadline;
  }

  /** Returns what is said where a trusted proxy gave less time than the route. */
  RefusedException callerDeadline() {
    return callerDeadline;
  }

  /** Returns what is said where there is no endpoint at all. */
  RefusedException unlocated() {
    return unlocated;
  }

  /** Returns what is said where the upstream's bound on requests is reached. */
  RefusedException full() {
    return full;
  }

  /** Returns what is said where the upstream has more than it can serve. */
  RefusedException overloaded(IntUnaryOperator random) {
    return overloaded[random.applyAsInt(OVERLOADED_RETRIES)];
  }

  private static RefusedException[] overloaded() {
    RefusedException[] all = new RefusedException[OVERLOADED_RETRIES];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          new RefusedException(
              Rejection.retryAfter(
                  GatewayError.UPSTREAM_OVERLOADED,
                  "As many requests wait for the upstream as it can serve in time; those of this"
                      + " priority, or of a caller with many of them, are refused for now.",
                  i + 1L));
    }
    return all;
  }

  RefusedException breakerOpen(long retryAfterSeconds) {
    return new RefusedException(
        Rejection.retryAfter(
            GatewayError.BREAKER_OPEN,
            "Every endpoint of the upstream failed too often; it is left alone for a while.",
            retryAfterSeconds));
  }

  /** Returns what the client is told after the last attempt failed like this. */
  RefusedException of(AttemptFailure failure) {
    return switch (failure.kind()) {
      case CONNECT_FAILED -> unreachable;
      case POOL_EXHAUSTED -> busy;
      case RESET -> reset;
      case TIMEOUT -> attemptTimeout;
      case PROTOCOL -> protocol;
      case REQUEST_ABORTED -> aborted;
    };
  }
}
