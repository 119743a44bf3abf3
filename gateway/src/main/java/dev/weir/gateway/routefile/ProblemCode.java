package dev.weir.gateway.routefile;

import java.util.Locale;

/**
 * Every kind of problem that a route file can have. The code is a contract: scripts filter by it,
 * docs/routes.md lists it, and it is never reused for another kind.
 */
public enum ProblemCode {
  UNREADABLE_FILE,
  FILE_TOO_LARGE,
  NOT_UTF8,
  BAD_CHARACTER,
  EMPTY_FILE,
  SYNTAX,
  TOO_COMPLEX,
  TAG_REFUSED,
  WRONG_TYPE,
  UNKNOWN_KEY,
  DUPLICATE_KEY,
  MISSING_KEY,
  MISSING_VALUE,
  BAD_VALUE,
  UNIT_MISSING,
  OUT_OF_BOUNDS,
  DUPLICATE_ITEM,
  UNKNOWN_NAME,
  DUPLICATE_ID,
  SAME_MATCH,
  ALGORITHM_REFUSED,
  SUBJECTS_COLLIDE,
  EXPRESSION_REFUSED,
  LIMIT_WITHOUT_CALLER,
  COST_ABOVE_BURST,
  /**
   * Found when a generation is built, not by {@code check}: only the process knows its plug-ins.
   */
  FILTER_REFUSED,
  /** The gateway itself, or a plug-in, failed while it loaded the file. */
  GATEWAY_DEFECT,
  FILTERS_WITHOUT_ENDPOINTS,
  HEDGE_WITH_FILTERS,
  ATTEMPT_OUTLASTS_DEADLINE,
  TOO_MANY_PROBLEMS,
  COST_NEAR_BURST(Severity.WARNING),
  RETRY_OUTLASTS_DEADLINE(Severity.WARNING),
  RETRY_WITHOUT_EFFECT(Severity.WARNING),
  HASH_WITHOUT_CALLER(Severity.WARNING),
  UNREACHABLE_ROUTE(Severity.WARNING),
  UNGUARDED_SLASH(Severity.WARNING),
  UNUSED(Severity.WARNING);

  private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final Severity severity;

  ProblemCode() {
    this(Severity.ERROR);
  }

  ProblemCode(Severity severity) {
    this.severity = severity;
  }

  /** Returns the stable kebab-case code. */
  public String code() {
    return code;
  }

  /** Returns whether the problem keeps the file from being used. */
  public Severity severity() {
    return severity;
  }
}
