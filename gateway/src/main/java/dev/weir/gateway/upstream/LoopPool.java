package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.route.PoolPolicy;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint, and the attempts that wait for one.
 *
 * <p>Confined to its loop: nothing here is locked or volatile but the count of idle ones. Per
 * request it costs one pop and one push of an array deque. Last in, first out, so that the fewest
 * connections stay warm and the rest grow old and go. One timer per pool, alive while it has
 * connections, closes what is idle too long, idle and too old, or makes no progress; time is
 * counted in its ticks, so a request reads no clock for it.
 */
final class LoopPool {
  private static final long MAX_TICK_MILLIS = 1_000;
  private static final long MIN_TICK_MILLIS = 10;

  /** Attempts that may wait, where the bound on connections is smaller still. */
  static final int MIN_WAITING = 16;

  private final EndpointPool shared;
  private final EventLoop loop;
  private final long tickMillis;
  private final int lifeTicks;
  private final int stallTicks;

  private final IdleConnections idle;
  private final int maxWaiting;
  private final ArrayDeque<Attempt> waiting = new ArrayDeque<>();
  private final List<Connection> open = new ArrayList<>();

  private int connecting;
  private int tick;
  private @Nullable ScheduledFuture<?> sweeping;
  private boolean starving;

  LoopPool(EndpointPool shared, EventLoop loop) {
    this.shared = shared;
    this.loop = loop;
    PoolPolicy policy = shared.key().policy();
    long maxIdle = policy.maxIdle().toMillis();
    long maxLife = policy.maxLife().toMillis();
    long stall = policy.idleTimeout().toMillis();
    this.tickMillis =
        Math.clamp(
            Math.min(Math.min(maxIdle, maxLife), stall) / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    // One tick less than fits: a connection goes up to a tick early, never late.
    this.idle = new IdleConnections(Math.clamp(maxIdle / tickMillis - 1, 1, Integer.MAX_VALUE));
    this.maxWaiting = Math.max(MIN_WAITING, policy.maxConnections());
    this.lifeTicks = Math.clamp(maxLife / tickMillis, 2, Integer.MAX_VALUE);
    this.stallTicks = Math.clamp(stall / tickMillis, 2, Integer.MAX_VALUE);
  }

  EventLoop loop() {
    return loop;
  }

  PoolKey key() {
    return shared.key();
  }

  String authority() {
    return shared.connector().authority();
  }

  int tick() {
    return tick;
  }

  int idleCount() {
    return idle.count();
  }

  boolean isConnecting() {
    return connecting > 0;
  }

  /** Grants a connection to the attempt: at once where one is idle, else when its turn comes. */
  void acquire(Attempt attempt) {
    Connection connection = idle.takeNewest();
    while (connection != null && !connection.isOpen()) {
      // Its peer's close has arrived; the news of it is still in this loop's queue.
      connection.close();
      connection = idle.takeNewest();
    }
    if (connection == null) {
      enqueue(attempt);
      return;
    }
    attempt.granted(connection);
  }

  /**
   * Grants a connection that was not idle, after an idle one turned out to be stale. The oldest
   * idle one makes room for it: it is the likeliest to be stale too.
   */
  void acquireFresh(Attempt attempt) {
    idle.closeOldest();
    enqueue(attempt);
  }

  /** Takes an attempt that gives up waiting out of the queue. */
  void leave(Attempt attempt) {
    waiting.remove(attempt);
  }

  private void enqueue(Attempt attempt) {
    if (waiting.size() >= maxWaiting) {
      attempt.refused(
          AttemptFailure.Kind.POOL_EXHAUSTED, "too many requests wait for a connection");
      return;
    }
    waiting.addLast(attempt);
    grow();
  }

  /** Opens a connection for every waiting attempt that has none under way, as the bound allows. */
  private void grow() {
    while (connecting < waiting.size()) {
      if (!shared.tryHold() && !starveUnlessFreed()) {
        return;
      }
      connecting++;
      startTicking();
      shared.connector().connect(this);
    }
  }

  /** Queues for a hold; returns true where one came free in between. */
  private boolean starveUnlessFreed() {
    if (!starving) {
      starving = true;
      shared.starve(this);
    }
    return shared.tryHold();
  }

  /** Takes over a hold that another loop let go; called on any thread. */
  void inherit() {
    if (loop.isShuttingDown()) {
      shared.abandon();
      return;
    }
    loop.execute(this::useInherited);
  }

  private void useInherited() {
    starving = false;
    if (connecting < waiting.size()) {
      connecting++;
      startTicking();
      shared.connector().connect(this);
    } else {
      shared.letGo();
    }
    grow();
  }

  void connected(Connection connection) {
    connecting--;
    connection.place(open.size());
    connection.liveUntil(
        tick + lifeTicks - ThreadLocalRandom.current().nextInt(lifeTicks / 10 + 1));
    open.add(connection);
    giveBack(connection);
  }

  void connectFailed(String reason) {
    connecting--;
    shared.letGo();
    Attempt first = waiting.pollFirst();
    if (first != null) {
      first.refused(AttemptFailure.Kind.CONNECT_FAILED, reason);
    }
    grow();
  }

  /** Takes a connection that is ready for a request: new, or done with its last. */
  void giveBack(Connection connection) {
    if (mustYield() || connection.isTooOld(tick) || (shared.isRetired() && waiting.isEmpty())) {
      connection.close();
      return;
    }
    Attempt next = waiting.pollFirst();
    if (next != null) {
      next.granted(connection);
      return;
    }
    connection.restAt(tick);
    idle.put(connection);
    if (shared.someoneElseStarves(this)) {
      // It queued after the first look and saw nothing idle here.
      idle.closeOldest();
    }
  }

  private boolean mustYield() {
    return shared.someoneElseStarves(this)
        && (waiting.isEmpty() || open.size() > shared.fairShare());
  }

  /** Forgets a connection that is being closed. */
  void forget(Connection connection) {
    idle.remove(connection);
    Connection last = open.removeLast();
    if (last != connection) {
      last.place(connection.place());
      open.set(connection.place(), last);
    }
    shared.letGo();
    grow();
  }

  /** Closes the idle connections; called on any thread. */
  void closeIdle() {
    onLoop(idle::closeAll);
  }

  /** Closes the oldest idle connection; called on any thread. */
  void closeOneIdle() {
    onLoop(idle::closeOldest);
  }

  /** Closes every connection; called on any thread. */
  void closeAll() {
    onLoop(() -> List.copyOf(open).forEach(Connection::abort));
  }

  private void onLoop(Runnable task) {
    if (!loop.isShuttingDown()) {
      loop.execute(task);
    }
  }

  private void startTicking() {
    if (sweeping == null) {
      sweeping = loop.schedule(this::sweep, tickMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    tick++;
    idle.closeExpired(tick);
    for (int i = open.size() - 1; i >= 0; i--) {
      if (i < open.size()) {
        open.get(i).check(tick, tick - stallTicks);
      }
    }
    sweeping = null;
    if (!open.isEmpty() || connecting > 0) {
      startTicking();
    }
  }
}
