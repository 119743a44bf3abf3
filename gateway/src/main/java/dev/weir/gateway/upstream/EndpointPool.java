package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the event loops share of one endpoint: the bound on its connections.
 *
 * <p>Connections belong to loops, yet the bound of the route file counts them all. So a loop takes
 * a hold of this count before it opens a connection and lets go after it closed one: two atomic
 * steps in a connection's life, none in a request's that finds an idle connection on its own loop.
 * A loop that finds the count at its bound queues here as starving, and one idle connection of
 * another loop is closed for it. A loop that holds more than its fair share (bound / loops) also
 * passes on connections that it could use itself, so that no loop waits for ever; the bound is
 * never exceeded, not even where it is smaller than the number of loops.
 */
final class EndpointPool {
  private final PoolKey key;
  private final Connector connector;
  private final AtomicInteger held = new AtomicInteger();
  private final ConcurrentMap<EventLoop, Pool> loops = new ConcurrentHashMap<>();

  /** Loops that wait for a hold, each at most once; so it is bounded by their number. */
  private final Queue<Pool> starving = new ConcurrentLinkedQueue<>();

  /**
   * Written by whoever reloads, read by the loops; a loop that reads late keeps one idle longer.
   */
  private volatile boolean retired;

  EndpointPool(PoolKey key, Connector connector) {
    this.key = key;
    this.connector = connector;
  }

  PoolKey key() {
    return key;
  }

  Connector connector() {
    return connector;
  }

  Pool on(EventLoop loop) {
    Pool pool = loops.get(loop);
    return pool != null ? pool : loops.computeIfAbsent(loop, this::open);
  }

  private Pool open(EventLoop owner) {
    return key.policy().protocol().isMultiplexed()
        ? new StreamPool(this, owner)
        : new LoopPool(this, owner);
  }

  boolean isRetired() {
    return retired;
  }

  int fairShare() {
    return key.policy().maxConnections() / Math.max(1, loops.size());
  }

  /** Takes the right to one connection, where one is left. */
  boolean tryHold() {
    int now = held.get();
    while (now < key.policy().maxConnections()) {
      if (held.compareAndSet(now, now + 1)) {
        return true;
      }
      now = held.get();
    }
    return false;
  }

  /** Gives the right to one connection back, or on to a loop that waits for it. */
  void letGo() {
    Pool next = starving.poll();
    while (next == null) {
      held.decrementAndGet();
      // A loop that queued between the poll and the decrement would sleep on a free hold.
      if (starving.isEmpty() || !tryHold()) {
        return;
      }
      next = starving.poll();
    }
    next.inherit();
  }

  /** Drops a hold whose loop is gone. */
  void abandon() {
    held.decrementAndGet();
  }

  /** A loop may find itself at the head, queued for attempts that have gone since. */
  boolean someoneElseStarves(Pool pool) {
    if (starving.isEmpty()) {
      return false;
    }
    for (Pool other : starving) {
      if (!other.equals(pool)) {
        return true;
      }
    }
    return false;
  }

  /** Queues for a hold and asks one other loop to close an idle connection. */
  void starve(Pool pool) {
    starving.add(pool);
    for (Pool other : loops.values()) {
      if (!other.equals(pool) && other.idleCount() > 0) {
        other.closeOneIdle();
        return;
      }
    }
  }

  /** Lets idle connections go now and the others after their request. */
  void retire() {
    retired = true;
    loops.values().forEach(Pool::closeIdle);
  }

  /** Closes every connection now. */
  void closeAll() {
    retired = true;
    loops.values().forEach(Pool::closeAll);
  }

  int idleCount() {
    return loops.values().stream().mapToInt(Pool::idleCount).sum();
  }

  int streamCount() {
    return loops.values().stream().mapToInt(Pool::streamCount).sum();
  }

  int activeCount() {
    return Math.max(0, held.get() - idleCount());
  }
}
