package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.handler.codec.http.HttpHeaderNames;

/** How one attempt ended, as the metric names it and the breaker counts it. */
enum Outcome {
  OK("ok", Weight.SUCCESS),
  /** An answer that says the upstream is unwell: 502, 503 or 504. */
  ERROR("error", Weight.FAILURE),
  /**
   * A 503 that says when to come back (RFC 9110 §10.2.3): an upstream that sheds what is too much.
   * As long as it answers others it is alive, and a breaker that opened would take that from them.
   */
  SHED("shed", Weight.REFUSAL),
  /** A good answer that took longer than the breaker policy calls slow. */
  SLOW("slow", Weight.FAILURE),
  CONNECT_FAILED("connect_failed", Weight.FAILURE),
  RESET("reset", Weight.FAILURE),
  TIMEOUT("timeout", Weight.FAILURE),
  PROTOCOL("protocol", Weight.FAILURE),
  /** Our own bound, not the endpoint's health. */
  POOL_EXHAUSTED("pool_exhausted", Weight.NONE),
  REQUEST_ABORTED("request_aborted", Weight.NONE),
  /** Timed out with less than half of its time-out: what was left of the client's time. */
  CUT_SHORT("cut_short", Weight.NONE),
  CANCELLED("cancelled", Weight.NONE);

  private final String label;
  private final Weight weight;

  /** What the breaker makes of it. */
  enum Weight {
    SUCCESS,
    FAILURE,
    /** A failure where it is all that has come for a while. */
    REFUSAL,
    NONE
  }

  Outcome(String label, Weight weight) {
    this.label = label;
    this.weight = weight;
  }

  /** Returns whether the endpoint may be out of service by now. */
  boolean speaksAgainstEndpoint() {
    return weight == Weight.FAILURE || weight == Weight.REFUSAL;
  }

  String label() {
    return label;
  }

  Weight weight() {
    return weight;
  }

  /**
   * Judges a failure. An attempt that was given little time, by the deadline that a client sent or
   * by a body that took it up, says nothing of the endpoint.
   *
   * @param tookNanos since the attempt began
   * @param allowedNanos the route's time-out of one attempt
   */
  static Outcome of(Throwable error, long tookNanos, long allowedNanos) {
    Outcome outcome = of(error);
    return outcome == TIMEOUT && tookNanos < allowedNanos / 2 ? CUT_SHORT : outcome;
  }

  private static Outcome of(Throwable error) {
    if (!(error instanceof AttemptFailure failure)) {
      return REQUEST_ABORTED;
    }
    return switch (failure.kind()) {
      case CONNECT_FAILED -> CONNECT_FAILED;
      case POOL_EXHAUSTED -> POOL_EXHAUSTED;
      case RESET -> RESET;
      case TIMEOUT -> TIMEOUT;
      case PROTOCOL -> PROTOCOL;
      case REQUEST_ABORTED -> REQUEST_ABORTED;
    };
  }

  /** Judges an answer. */
  static Outcome of(UpstreamResponse answer) {
    if (!isUnwell(answer.status())) {
      return OK;
    }
    return answer.status() == 503 && answer.headers().contains(HttpHeaderNames.RETRY_AFTER)
        ? SHED
        : ERROR;
  }

  static boolean isUnwell(int status) {
    return status == 502 || status == 503 || status == 504;
  }
}
