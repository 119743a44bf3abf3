package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import java.util.Optional;

/** How requests of one route wait for an upstream's answers: counted, unless nobody is to count. */
final class Waiting {
  /** The place of a request that nobody counts. */
  private static final int UNCOUNTED = -1;

  private final Optional<UpstreamLimit> limit;
  private final PriorityRule priority;

  Waiting(Optional<UpstreamLimit> limit, PriorityRule priority) {
    this.limit = limit;
    this.priority = priority;
  }

  /** The same for second attempts, which are of less use than any first one. */
  Waiting ofTheLast() {
    return new Waiting(limit, PriorityRule.always(Priority.LOW));
  }

  /** Returns a place, which has to be given to {@link #end}, or {@link UpstreamLimit#NO_PLACE}. */
  int tryBegin(Exchange exchange) {
    return limit.isPresent() ? limit.get().tryEnter(exchange, priorityOf(exchange)) : UNCOUNTED;
  }

  void end(Exchange exchange, int place) {
    if (place != UNCOUNTED) {
      limit.orElseThrow().leave(exchange, priorityOf(exchange), place);
    }
  }

  private int priorityOf(Exchange exchange) {
    return priority.isByClaim()
        ? priority.of(exchange.caller().claim(priority.claim())).ordinal()
        : priority.usual().ordinal();
  }

  /**
   * Tells the limit what an attempt came to. A body takes its client's time, and a failure none of
   * what an answer takes.
   */
  void note(Exchange exchange, Outcome outcome, long nanos) {
    if (limit.isEmpty()) {
      return;
    }
    boolean timed = !exchange.body().present();
    if (outcome == Outcome.OK && timed) {
      limit.get().note(nanos);
    } else if (outcome == Outcome.OK) {
      limit.get().noteUntimed();
    } else if (outcome == Outcome.TIMEOUT && timed) {
      limit.get().noteLate();
    }
  }

  /** Returns whether some were refused lately. */
  boolean isPressed() {
    return limit.isPresent() && limit.get().isPressed();
  }
}
