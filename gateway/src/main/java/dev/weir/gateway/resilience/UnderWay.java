package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;

/**
 * The requests under way to one endpoint, from an attempt's begin to the last byte of its answer.
 *
 * <p>Each event loop counts its own: two steps here and two in the upstream's sum in a request's
 * life, on lines that no other loop writes. The departure is made once, so that a request can leave
 * it behind without allocating.
 */
final class UnderWay {
  private final LoopCounts here = new LoopCounts();
  private final LoopCounts everywhere;
  private final Runnable departure = this::depart;

  /** Counts in the upstream's sum, too. */
  UnderWay(LoopCounts everywhere) {
    this.everywhere = everywhere;
  }

  /** Returns the sum over all loops: reads what each of them has just written. */
  int count() {
    return here.sum();
  }

  /** Returns what is under way of this loop's requests. */
  int countHere() {
    return here.get(LoopCounts.own());
  }

  void arrive() {
    add(1);
  }

  void depart() {
    add(-1);
  }

  private void add(int step) {
    int own = LoopCounts.own();
    here.add(own, step);
    everywhere.add(own, step);
  }

  /** Returns what has to run once when an answered request is over. */
  Runnable departure() {
    return departure;
  }
}
