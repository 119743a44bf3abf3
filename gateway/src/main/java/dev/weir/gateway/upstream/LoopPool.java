package dev.weir.gateway.upstream;

import dev.weir.gateway.route.PoolPolicy;
import io.netty.channel.EventLoop;

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
  private final WaitingLine waiting;
  private final OpenConnections open = new OpenConnections();

  private final Growth growth;
  private final PoolClock clock;

  LoopPool(EndpointPool shared, EventLoop loop) {
    this.shared = shared;
    this.loop = loop;
    PoolPolicy policy = shared.key().policy();
    this.times = PoolTimes.of(policy);
    this.idle = new IdleConnections(times.idleTicks());
    this.waiting = new WaitingLine(Math.max(MIN_WAITING, policy.maxConnections()));
    this.growth = new Growth(shared, this, waiting::size);
    this.clock =
        new PoolClock(loop, times.tickMillis(), () -> !open.isEmpty() || growth.isUnderWay());
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public String authority() {
    return shared.connector().authority();
  }

  @Override
  public EndpointPool shared() {
    return shared;
  }

  @Override
  public int tick() {
    return clock.tick();
  }

  @Override
  public int idleCount() {
    return idle.count();
  }

  @Override
  public Growth growth() {
    return growth;
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
    waiting.leave(attempt);
  }

  private void enqueue(Attempt attempt) {
    if (waiting.join(attempt)) {
      growth.grow();
    }
  }

  @Override
  public void open() {
    clock.start(this::sweep);
    shared.connector().connect(this);
  }

  void connected(Connection connection) {
    growth.ended();
    connection.liveUntil(times.lastTickFrom(tick()));
    open.add(connection);
    // Before another loop's turn: were each to close what it opened for itself, none would serve.
    Attempt next = waiting.first();
    if (next == null) {
      giveBack(connection);
    } else {
      next.granted(connection);
    }
  }

  void connectFailed(String reason) {
    growth.ended();
    shared.letGo();
    waiting.fail(1, reason);
    growth.grow();
  }

  /** Takes a connection that is ready for a request: new, or done with its last. */
  @Override
  public void giveBack(Connection connection) {
    if (mustYield() || connection.isTooOld(tick()) || (shared.isRetired() && waiting.isEmpty())) {
      connection.close();
      return;
    }
    Attempt next = waiting.first();
    if (next != null) {
      next.granted(connection);
      return;
    }
    connection.restAt(tick());
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
    open.remove(connection);
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
    onLoop(open::abort);
  }

  private void sweep() {
    idle.closeExpired(tick());
    open.check(tick(), times.stallTicks());
  }
}
