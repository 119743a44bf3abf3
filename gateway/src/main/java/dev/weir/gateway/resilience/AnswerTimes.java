package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long an upstream's answers took to begin, since it was looked at last. Each event loop notes
 * its own on its own cache line: one atomic step, and another where the time is the shortest.
 *
 * <p>A first cell holds number and sum, 20 bits and 44 bits of microseconds, so that one step notes
 * both; the shortest may be off by one answer that is noted in the instant of a look, which matters
 * to nobody.
 */
final class AnswerTimes {
  private static final int STRIDE = 16;
  private static final int SUM_BITS = 44;
  private static final long SUM_MASK = (1L << SUM_BITS) - 1;
  private static final int TOTAL = 0;
  private static final int SHORTEST = 1;
  private static final int LATE = 2;
  private static final int UNTIMED = 3;
  private static final long NONE = Long.MAX_VALUE;

  private final AtomicLongArray cells = new AtomicLongArray((LoopCounts.size() + 1) * STRIDE);

  AnswerTimes() {
    for (int place = 0; place < LoopCounts.size(); place++) {
      cells.setPlain(line(place) + SHORTEST, NONE);
    }
  }

  private static int line(int place) {
    return (place + 1) * STRIDE;
  }

  /** Notes an answer that began. */
  void note(long nanos) {
    int line = line(LoopCounts.own());
    long micros = nanos / 1_000;
    cells.getAndAdd(line + TOTAL, (1L << SUM_BITS) + micros);
    if (micros < cells.getPlain(line + SHORTEST)) {
      cells.accumulateAndGet(line + SHORTEST, micros, Math::min);
    }
  }

  /** Notes an answer whose time says nothing. */
  void noteUntimed() {
    cells.getAndIncrement(line(LoopCounts.own()) + UNTIMED);
  }

  /** Notes that nothing came before the time-out. */
  void noteLate() {
    cells.getAndIncrement(line(LoopCounts.own()) + LATE);
  }

  /** Adds to a span what was noted since the last look. */
  void take(AnswerSpan into) {
    for (int place = 0; place < LoopCounts.size(); place++) {
      int line = line(place);
      long total = cells.get(line + TOTAL) == 0 ? 0 : cells.getAndSet(line + TOTAL, 0);
      if (total != 0) {
        long shortest = cells.getAndSet(line + SHORTEST, NONE);
        into.add((int) (total >>> SUM_BITS), total & SUM_MASK, shortest);
      }
      into.addLate(emptied(line + LATE));
      into.addUntimed(emptied(line + UNTIMED));
    }
  }

  private int emptied(int cell) {
    return cells.get(cell) == 0 ? 0 : (int) cells.getAndSet(cell, 0);
  }
}
