package dev.weir.auth.exchange;

import java.util.Locale;

/** Names what a request asks for; the value of the meters' operation label. */
public enum Operation {
  REGISTER,
  VERIFY,
  LOGIN,
  REFRESH,
  LOGOUT,
  LOGOUT_ALL,
  SESSION,
  SESSIONS,
  ACCOUNT,
  JWKS,
  METADATA,
  UNKNOWN;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
