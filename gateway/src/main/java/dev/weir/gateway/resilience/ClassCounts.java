package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.route.Priority;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The requests that wait for an upstream's answer, by class, and those it was spared; each event
 * loop counts its own on a cache line that no other loop writes, as in {@link LoopCounts}.
 */
final class ClassCounts {
  static final int CLASSES = Priority.values().length;
  private static final int STRIDE = 32;
  private static final int REFUSED = CLASSES;

  private final AtomicIntegerArray cells = new AtomicIntegerArray((LoopCounts.size() + 1) * STRIDE);

  private static int line(int place) {
    return (place + 1) * STRIDE;
  }

  void add(int place, int priority, int step) {
    cells.getAndAdd(line(place) + priority, step);
  }

  void noteRefused(int place, int priority) {
    cells.getAndIncrement(line(place) + REFUSED + priority);
  }

  /** Returns what one loop has under way, of all classes. */
  int here(int place) {
    int sum = 0;
    int line = line(place);
    for (int priority = 0; priority < CLASSES; priority++) {
      sum += cells.getPlain(line + priority);
    }
    return sum;
  }

  /** Returns what is under way of one class; exact while nobody counts. */
  int of(int priority) {
    int sum = 0;
    for (int place = 0; place < LoopCounts.size(); place++) {
      sum += cells.get(line(place) + priority);
    }
    return sum;
  }

  /** Returns what is under way of a class and those before it. */
  int upTo(int priority) {
    int sum = 0;
    for (int place = 0; place < LoopCounts.size(); place++) {
      int line = line(place);
      for (int above = 0; above <= priority; above++) {
        sum += cells.get(line + above);
      }
    }
    return sum;
  }

  int all() {
    return upTo(CLASSES - 1);
  }

  /** Returns how many of a class were refused since it was asked last. */
  int takeRefused(int priority) {
    int sum = 0;
    for (int place = 0; place < LoopCounts.size(); place++) {
      int cell = line(place) + REFUSED + priority;
      sum += cells.get(cell) == 0 ? 0 : cells.getAndSet(cell, 0);
    }
    return sum;
  }
}
