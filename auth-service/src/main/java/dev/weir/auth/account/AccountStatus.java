package dev.weir.auth.account;

import java.util.Locale;

/** The standing of an account; only an active one may log in. */
public enum AccountStatus {
  PENDING,
  ACTIVE,
  LOCKED,
  DISABLED,
  DELETED;

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
