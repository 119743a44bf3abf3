package dev.weir.auth.audit;

import java.util.Locale;

/** Names what an audit event records. */
public enum AuditAction {
  ACCOUNT_REGISTERED,
  ACCOUNT_VERIFIED,
  LOGIN_SUCCEEDED,
  LOGIN_FAILED,
  REFRESH_REUSE,
  REFRESH_FORGED,
  SESSION_REVOKED,
  ALL_SESSIONS_REVOKED;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
