package dev.weir.auth.exchange;

import java.util.Locale;

/** Names what a request asks for; the value of the meters' operation label. */
public enum Operation {
  REGISTER,
  VERIFY,
  VERIFY_AGAIN,
  LOGIN,
  REFRESH,
  LOGOUT,
  LOGOUT_ALL,
  SESSION,
  SESSIONS,
  SESSION_END,
  SESSIONS_END,
  ACCOUNT,
  ACCOUNT_WRITE,
  ACCOUNT_EXPORT,
  ACCOUNT_ERASE,
  ADDRESS_CHANGE,
  ADDRESS_CONFIRM,
  PASSWORD_CHANGE,
  PASSWORD_FORGOT,
  PASSWORD_RESET,
  USER_FIND,
  USER,
  USER_SESSIONS,
  USER_DISABLE,
  USER_ENABLE,
  USER_LOGOUT,
  USER_GRANT,
  USER_TAKE,
  JWKS,
  METADATA,
  UNKNOWN;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
