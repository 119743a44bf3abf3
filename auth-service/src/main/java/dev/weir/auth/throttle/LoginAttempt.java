package dev.weir.auth.throttle;

import java.util.List;

/**
 * The budgets that one login attempt was taken from.
 *
 * @param failures how many strangers in a row have failed at this identity before
 */
public record LoginAttempt(Budget address, Budget identity, Budget streak, int failures) {
  /** From here on a stranger is asked for work first. */
  private static final int MOST_FAILURES = 3;

  public boolean isRisky() {
    return failures >= MOST_FAILURES;
  }

  LoginAttempt after(int others) {
    return new LoginAttempt(address, identity, streak, others);
  }

  List<Budget> all() {
    return List.of(address, identity, streak);
  }
}
