package dev.weir.gateway.upstream;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connections of one {@link LoopPool} that wait for a request: last in, first out. */
final class IdleConnections {
  private final int maxTicks;

  /** Oldest first. */
  private final ArrayDeque<Connection> resting = new ArrayDeque<>();

  /**
   * Written by the owning loop alone; read by meters and by other loops that look for a connection
   * to close. Volatile in full: a loop that rests a connection writes this and then looks for
   * starving loops, one that starves queues and then reads this, so one of the two sees the other.
   */
  private final AtomicInteger count = new AtomicInteger();

  IdleConnections(int maxTicks) {
    this.maxTicks = maxTicks;
  }

  int count() {
    return count.get();
  }

  void put(Connection connection) {
    resting.addLast(connection);
    count.set(resting.size());
  }

  @Nullable Connection takeNewest() {
    Connection newest = resting.pollLast();
    count.set(resting.size());
    return newest;
  }

  void remove(Connection connection) {
    if (resting.removeLastOccurrence(connection)) {
      count.set(resting.size());
    }
  }

  /** Closes the one that has rested longest; its end comes back as {@link #remove}. */
  void closeOldest() {
    Connection oldest = resting.peekFirst();
    if (oldest != null) {
      oldest.close();
    }
  }

  void closeExpired(int tick) {
    Connection oldest = resting.peekFirst();
    while (oldest != null && tick - oldest.restedAt() >= maxTicks) {
      oldest.close();
      oldest = resting.peekFirst();
    }
  }

  void closeAll() {
    while (!resting.isEmpty()) {
      closeOldest();
    }
  }
}
