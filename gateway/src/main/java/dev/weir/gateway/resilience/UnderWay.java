package dev.weir.gateway.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The requests under way to one endpoint, from an attempt's begin to the last byte of its answer.
 *
 * <p>Shared by all event loops: two atomic steps of its own count and two of the upstream's striped
 * one in a request's life. The departure is made once, so that a request can leave it behind
 * without allocating.
 */
final class UnderWay {
  private final AtomicInteger here = new AtomicInteger();
  private final LongAdder everywhere;
  private final Runnable departure = this::depart;

  /** Counts in the upstream's sum, too. */
  UnderWay(LongAdder everywhere) {
    this.everywhere = everywhere;
  }

  int count() {
    return here.get();
  }

  void arrive() {
    here.incrementAndGet();
    everywhere.increment();
  }

  void depart() {
    here.decrementAndGet();
    everywhere.decrement();
  }

  /** Returns what has to run once when an answered request is over. */
  Runnable departure() {
    return departure;
  }
}
