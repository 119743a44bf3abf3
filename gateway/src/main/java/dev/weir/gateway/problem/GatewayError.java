package dev.weir.gateway.problem;

import static dev.weir.gateway.problem.Fault.CLIENT;
import static dev.weir.gateway.problem.Fault.DEPENDENCY;
import static dev.weir.gateway.problem.Fault.GATEWAY;
import static dev.weir.gateway.problem.Fault.UPSTREAM;

/**
 * Every cause for which the gateway refuses a request.
 *
 * <p>The code is a contract: the problem's type, the access log field, the metric label and the
 * page docs/runbooks/errors/CODE.md all carry it. A code is never reused for another cause.
 */
public enum GatewayError {
  BAD_REQUEST("bad-request", 400, CLIENT, "The request is malformed"),
  TOO_MANY_FIELDS("too-many-fields", 431, CLIENT, "The request has too many header fields"),
  ROUTE_NOT_FOUND("route-not-found", 404, CLIENT, "No route matches this request"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, CLIENT, "The route does not take this method"),
  TOKEN_MISSING("token-missing", 401, CLIENT, "This route needs an access token"),
  TOKEN_INVALID("token-invalid", 401, CLIENT, "The access token is not valid"),
  PROOF_INVALID(
      "proof-invalid", 401, CLIENT, "The token is bound to a key that this request does not prove"),
  PROOF_NONCE("proof-nonce", 401, CLIENT, "The proof needs the nonce of this gateway"),
  STEP_UP_REQUIRED(
      "step-up-required", 401, CLIENT, "This route needs a fresher or a stronger login"),
  INSUFFICIENT_ROLE(
      "insufficient-role", 403, CLIENT, "The caller lacks a role that this route needs"),
  INSUFFICIENT_SCOPE(
      "insufficient-scope", 403, CLIENT, "The token lacks a scope that this route needs"),
  BODY_TOO_LARGE("body-too-large", 413, CLIENT, "The request body is larger than this route takes"),
  REQUEST_TIMEOUT("request-timeout", 408, CLIENT, "The request body did not arrive in time"),
  UPGRADE_UNSUPPORTED(
      "upgrade-unsupported", 501, CLIENT, "This gateway does not upgrade connections here"),
  THROTTLED("throttled", 429, CLIENT, "A rate limit is used up"),
  CLIENT_ABORTED(
      "client-aborted", 499, CLIENT, "The client went away before the answer was complete"),
  OVERLOADED("overloaded", 503, GATEWAY, "The gateway sheds load"),
  DRAINING("draining", 503, GATEWAY, "This gateway instance is going away"),
  INTERNAL("internal", 500, GATEWAY, "The gateway failed on this request"),
  BREAKER_OPEN(
      "breaker-open", 503, UPSTREAM, "Every endpoint of the upstream is held back by its breaker"),
  UPSTREAM_BUSY("upstream-busy", 503, UPSTREAM, "The upstream takes no more concurrent requests"),
  UPSTREAM_OVERLOADED(
      "upstream-overloaded", 503, UPSTREAM, "The upstream has more requests than it can serve"),
  UPSTREAM_UNREACHABLE("upstream-unreachable", 502, UPSTREAM, "No connection to the upstream"),
  UPSTREAM_RESET("upstream-reset", 502, UPSTREAM, "The upstream closed the connection early"),
  UPSTREAM_PROTOCOL("upstream-protocol", 502, UPSTREAM, "The upstream's answer is not valid HTTP"),
  DEADLINE_EXCEEDED("deadline-exceeded", 504, UPSTREAM, "The upstream did not answer in time"),
  IDENTITY_UNAVAILABLE(
      "identity-unavailable", 503, DEPENDENCY, "The issuer's keys are not to be had"),
  PROOF_UNAVAILABLE(
      "proof-unavailable", 503, DEPENDENCY, "Used proofs cannot be remembered just now"),
  THROTTLE_UNAVAILABLE(
      "throttle-unavailable", 503, DEPENDENCY, "A limit that fails closed has lost its store");

  private final String code;
  private final int status;
  private final Fault fault;
  private final String title;

  GatewayError(String code, int status, Fault fault, String title) {
    this.code = code;
    this.status = status;
    this.fault = fault;
    this.title = title;
  }

  /** Returns the stable kebab-case code. */
  public String code() {
    return code;
  }

  /** Returns the HTTP status; 499 stands in logs only, as no answer reaches the client. */
  public int status() {
    return status;
  }

  /** Returns who has to act. */
  public Fault fault() {
    return fault;
  }

  /** Returns the one-line human summary, the same for every occurrence (RFC 9457 §3.1.3). */
  public String title() {
    return title;
  }

  /** Returns the problem type URI (RFC 9457 §3.1.1). */
  public String type() {
    return "https://weir.dev/problems/" + code;
  }
}
