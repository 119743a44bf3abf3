package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.route.PoolPolicy;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
final class LoopPool implements Pool {
  private final EndpointPool shared;
  private final EventLoop loop;
  private final PoolTimes times;

  private final IdleConnections idle;
  private final int maxWaiting;
  private final ArrayDeque<Attempt> waiting = new ArrayDeque<>();
  private final List<Connection> open = new ArrayList<>();

  private final Growth growth;

  private int tick;
  private @Nullable ScheduledFuture<?> sweeping;

  LoopPool(EndpointPool shared, EventLoop loop) {
    this.shared = shared;
    this.loop = loop;
    PoolPolicy policy = shared.key().policy();
    this.times = PoolTimes.of(policy);
    this.idle = new IdleConnections(times.idleTicks());
    this.maxWaiting = Math.max(MIN_WAITING, policy.maxConnections());
    this.growth = new Growth(shared, this, waiting::size);
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public PoolKey key() {
    return shared.key();
  }

  @Override
  public String authority() {
    return shared.connector().authority();
  }

  @Override
  public int tick() {
    return tick;
  }

  @Override
  public int idleCount() {
    return idle.count();
  }

  @Override
  public boolean isConnecting() {
    return growth.isUnderWay();
  }

  @Override
  public int streamCount() {
    return 0;
  }

  @Override
  public void acquire(Attempt attempt) {
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
  @Override
  public void acquireFresh(Attempt attempt) {
    idle.closeOldest();
    enqueue(attempt);
  }

  @Override
  public void leave(Attempt attempt) {
    waiting.remove(attempt);
  }

  private void enqueue(Attempt attempt) {
    if (waiting.size() >= maxWaiting) {
      attempt.refused(
          AttemptFailure.Kind.POOL_EXHAUSTED, "too many requests wait for a connection");
      return;
    }
    waiting.addLast(attempt);
    growth.grow();
  }

  @Override
  public void open() {
    startTicking();
    shared.connector().connect(this);
  }

  @Override
  public void inherit() {
    growth.inherit();
  }

  void connected(Connection connection) {
    growth.ended();
    connection.place(open.size());
    connection.liveUntil(times.lastTickFrom(tick));
    open.add(connection);
    // Before another loop's turn: were each to close what it opened for itself, none would serve.
    Attempt next = waiting.pollFirst();
    if (next == null) {
      giveBack(connection);
    } else {
      next.granted(connection);
    }
  }

  void connectFailed(String reason) {
    growth.ended();
    shared.letGo();
    Attempt first = waiting.pollFirst();
    if (first != null) {
      first.refused(AttemptFailure.Kind.CONNECT_FAILED, reason);
    }
    growth.grow();
  }

  /** Takes a connection that is ready for a request: new, or done with its last. */
  @Override
  public void giveBack(Connection connection) {
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

  @Override
  public void forget(Connection connection) {
    idle.remove(connection);
    Connection last = open.removeLast();
    if (last != connection) {
      last.place(connection.place());
      open.set(connection.place(), last);
    }
    shared.letGo();
    growth.grow();
  }

  @Override
  public void closeIdle() {
    onLoop(idle::closeAll);
  }

  @Override
  public void closeOneIdle() {
    onLoop(idle::closeOldest);
  }

  @Override
  public void closeAll() {
    onLoop(() -> List.copyOf(open).forEach(Connection::abort));
  }

  private void onLoop(Runnable task) {
    if (!loop.isShuttingDown()) {
      loop.execute(task);
    }
  }

  private void startTicking() {
    if (sweeping == null) {
      sweeping = loop.schedule(this::sweep, times.tickMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    tick++;
    idle.closeExpired(tick);
    for (int i = open.size() - 1; i >= 0; i--) {
      if (i < open.size()) {
        open.get(i).check(tick, tick - times.stallTicks());
      }
    }
    sweeping = null;
    if (!open.isEmpty() || growth.isUnderWay()) {
      startTicking();
    }
  }
}
