package dev.weir.auth.session;

import dev.weir.auth.audit.AuditAction;
import java.util.Locale;

/** Why a session was ended before its time. */
public enum EndReason {
  LOGOUT(AuditAction.SESSION_REVOKED),
  LOGOUT_ALL(AuditAction.ALL_SESSIONS_REVOKED),
  REVOKED(AuditAction.SESSION_REVOKED),
  REFRESH_REUSE(AuditAction.REFRESH_REUSE),
  REAUTHENTICATED(AuditAction.SESSION_REVOKED),
  PASSWORD_CHANGED(AuditAction.PASSWORD_CHANGED),
  PASSWORD_RESET(AuditAction.PASSWORD_RESET),
  ADMINISTRATOR(AuditAction.ALL_SESSIONS_REVOKED),
  DISABLED(AuditAction.ACCOUNT_DISABLED),
  ERASED(AuditAction.ACCOUNT_ERASED);

  private final AuditAction action;

  EndReason(AuditAction action) {
    this.action = action;
  }

  /** Returns what the audit log calls an end for this reason. */
  AuditAction action() {
    return action;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
