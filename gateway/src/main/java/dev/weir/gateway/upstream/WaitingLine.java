package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The attempts of one event loop that wait for a connection, first come, first served; bounded. */
final class WaitingLine {
  private final int bound;
  private final ArrayDeque<Attempt> attempts = new ArrayDeque<>();

  WaitingLine(int bound) {
    this.bound = bound;
  }

  /** Lets an attempt wait; at the bound it is refused, and false is returned. */
  boolean join(Attempt attempt) {
    if (attempts.size() >= bound) {
      attempt.refused(
          AttemptFailure.Kind.POOL_EXHAUSTED, "too many requests wait for a connection");
      return false;
    }
    attempts.addLast(attempt);
    return true;
  }

  void leave(Attempt attempt) {
    attempts.remove(attempt);
  }

  @Nullable Attempt first() {
    return attempts.pollFirst();
  }

  /** Takes back the one that was first, to be so again. */
  void takeBack(Attempt attempt) {
    attempts.addFirst(attempt);
  }

  /** Refuses so many of the first, as no connection came for them. */
  void fail(int count, String reason) {
    for (int i = 0; i < count; i++) {
      Attempt first = attempts.pollFirst();
      if (first == null) {
        return;
      }
      first.refused(AttemptFailure.Kind.CONNECT_FAILED, reason);
    }
  }

  int size() {
    return attempts.size();
  }

  boolean isEmpty() {
    return attempts.isEmpty();
  }
}
