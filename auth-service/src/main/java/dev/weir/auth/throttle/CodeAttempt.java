package dev.weir.auth.throttle;

import java.util.List;

/** The budgets that one try at a code was taken from. */
public record CodeAttempt(Budget window, Budget inAll) {
  List<Budget> all() {
    return List.of(window, inAll);
  }
}
