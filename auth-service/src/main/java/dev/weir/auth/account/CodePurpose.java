package dev.weir.auth.account;

import java.time.Duration;
import java.util.Locale;

/** What a one-time code is good for, and for how long. */
public enum CodePurpose {
  VERIFY_ADDRESS(Duration.ofHours(1)),
  RESET_PASSWORD(Duration.ofMinutes(15)),
  CHANGE_ADDRESS(Duration.ofHours(1));

  private final Duration life;

  CodePurpose(Duration life) {
    this.life = life;
  }

  Duration life() {
    return life;
  }

  String column() {
    return name().toLowerCase(Locale.ROOT);
  }
}
