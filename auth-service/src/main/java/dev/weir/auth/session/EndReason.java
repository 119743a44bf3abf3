package dev.weir.auth.session;

import java.util.Locale;

/** Why a session was ended before its time. */
public enum EndReason {
  LOGOUT,
  LOGOUT_ALL,
  REFRESH_REUSE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
