package dev.weir.auth.throttle;

import java.util.List;

/** The budgets that one login attempt was taken from. */
public record LoginAttempt(Budget address, Budget identity, Budget streak) {
  List<Budget> all() {
    return List.of(address, identity, streak);
  }
}
