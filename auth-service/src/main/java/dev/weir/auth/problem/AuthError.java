package dev.weir.auth.problem;

/**
 * Names every refusal of the service with its stable code, status and fault; the code is also the
 * access log field and the name of the page under docs/runbooks/errors/auth.
 */
public enum AuthError {
  VALIDATION(400, Fault.CLIENT, "The request has invalid fields"),
  MALFORMED_BODY(400, Fault.CLIENT, "The body is not one JSON object"),
  AMBIGUOUS_CREDENTIALS(400, Fault.CLIENT, "Bearer token and session cookie were both sent"),
  VERIFICATION_INVALID(400, Fault.CLIENT, "The verification code is not valid"),
  IDEMPOTENCY_KEY_INVALID(400, Fault.CLIENT, "The Idempotency-Key is not a quoted string"),
  RESET_INVALID(400, Fault.CLIENT, "The reset code is not valid"),
  ADDRESS_CODE_INVALID(400, Fault.CLIENT, "The code for the new address is not valid"),
  FACTOR_CODE_INVALID(400, Fault.CLIENT, "The code is not one of the new authenticator"),
  DPOP_PROOF_INVALID(400, Fault.CLIENT, "The DPoP proof does not hold"),
  DPOP_NONCE_REQUIRED(400, Fault.CLIENT, "The DPoP proof needs a nonce"),
  PASSKEY_INVALID(400, Fault.CLIENT, "The new passkey does not hold"),
  ROLE_UNKNOWN(400, Fault.CLIENT, "There is no such role"),
  INVALID_CREDENTIALS(401, Fault.CLIENT, "E-mail address or password is wrong"),
  MFA_REQUIRED(401, Fault.CLIENT, "A second factor is required"),
  MFA_INVALID(401, Fault.CLIENT, "The code or passkey is wrong or was used"),
  PASSKEY_REFUSED(401, Fault.CLIENT, "The passkey is not valid here"),
  UNAUTHORIZED_CLIENT(400, Fault.CLIENT, "The calling service may not do this"),
  INVALID_CLIENT(401, Fault.CLIENT, "The calling service is not known"),
  TOKEN_MISSING(401, Fault.CLIENT, "An access token is required"),
  TOKEN_INVALID(401, Fault.CLIENT, "The access token is not valid"),
  REFRESH_INVALID(401, Fault.CLIENT, "The refresh token is not valid"),
  REFRESH_REUSED(401, Fault.CLIENT, "The refresh token was used before"),
  SESSION_EXPIRED(401, Fault.CLIENT, "The session has ended"),
  STEP_UP_REQUIRED(401, Fault.CLIENT, "A fresh login is required"),
  CAPTCHA_REQUIRED(403, Fault.CLIENT, "Some work is asked for first"),
  CSRF(403, Fault.CLIENT, "The request does not come from an allowed page"),
  NOT_FOUND(404, Fault.CLIENT, "Nothing is here"),
  INSUFFICIENT_SCOPE(403, Fault.CLIENT, "This account may not do that"),
  METHOD_NOT_ALLOWED(405, Fault.CLIENT, "The method is not allowed here"),
  BODY_TIMEOUT(408, Fault.CLIENT, "The body did not arrive in time"),
  EMAIL_TAKEN(409, Fault.CLIENT, "The e-mail address is taken"),
  FACTOR_EXISTS(409, Fault.CLIENT, "The account has an authenticator"),
  FACTOR_MISSING(409, Fault.CLIENT, "The account has no such second factor"),
  PASSKEY_EXISTS(409, Fault.CLIENT, "The passkey is registered already"),
  PASSKEY_LIMIT(409, Fault.CLIENT, "The account has as many passkeys as it may"),
  IDEMPOTENCY_IN_FLIGHT(409, Fault.CLIENT, "The first request with this key is still running"),
  CHALLENGE_EXPIRED(410, Fault.CLIENT, "The challenge is over"),
  VERSION_STALE(412, Fault.CLIENT, "The account was changed since it was read"),
  BODY_TOO_LARGE(413, Fault.CLIENT, "The body is larger than 16 kB"),
  UNSUPPORTED_MEDIA_TYPE(415, Fault.CLIENT, "The body must be application/json in UTF-8"),
  WEAK_PASSWORD(422, Fault.CLIENT, "The password is too easy to guess"),
  IDEMPOTENCY_MISMATCH(422, Fault.CLIENT, "The Idempotency-Key belongs to another request"),
  VERSION_MISSING(428, Fault.CLIENT, "The request must name the version that it changes"),
  THROTTLED(429, Fault.CLIENT, "Too many attempts"),
  INTERNAL(500, Fault.SERVICE, "The service failed"),
  OVERLOADED(503, Fault.SERVICE, "The service is busy"),
  DATABASE_UNAVAILABLE(503, Fault.DEPENDENCY, "The service cannot reach its database");

  private static final String REALM = "Bearer realm=\"weir\"";

  private final String code;
  private final int status;
  private final Fault fault;
  private final String title;

  AuthError(int status, Fault fault, String title) {
    this.code = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    this.status = status;
    this.fault = fault;
    this.title = title;
  }

  public String code() {
    return code;
  }

  public int status() {
    return status;
  }

  public Fault fault() {
    return fault;
  }

  public String title() {
    return title;
  }

  /**
   * Returns the value of WWW-Authenticate that a 401 of this kind carries (RFC 6750, RFC 9470),
   * else "".
   */
  public String challenge() {
    return switch (this) {
      case TOKEN_INVALID -> REALM + ", error=\"invalid_token\"";
      default -> status == 401 ? REALM : "";
    };
  }
}
