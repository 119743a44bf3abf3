package dev.weir.gateway.upstream;

import dev.weir.gateway.route.PoolPolicy;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The shared connections of one event loop to one endpoint, their streams, and the attempts that
 * wait for one.
 *
 * <p>A stream looks like a connection that is used once, so an attempt does not know the
 * difference. The first connection with room is filled, so that the fewest are open; another is
 * opened when all are full. Per request: a look along the connections, one push and one removal in
 * a list. Confined to its loop but for two counts, which the loop alone writes; one timer like
 * {@link LoopPool}'s.
 */
final class StreamPool implements Pool {
  private final EndpointPool shared;
  private final EventLoop loop;
  private final PoolTimes times;
  private final WaitingLine waiting;
  private final SharedConnections connections = new SharedConnections();
  private final OpenConnections streams = new OpenConnections();
  private final Growth growth;
  private final Settlement settlement;
  private final PoolClock clock;

  /**
   * Written by the owning loop alone, read by meters, the first also by loops that look for a
   * connection to close. Volatile in full for the reason that {@link IdleConnections} has.
   */
  private final AtomicInteger idle = new AtomicInteger();

  private final AtomicInteger streamCount = new AtomicInteger();

  StreamPool(EndpointPool shared, EventLoop loop) {
    this.shared = shared;
    this.loop = loop;
    PoolPolicy policy = shared.key().policy();
    this.times = PoolTimes.of(policy);
    this.waiting =
        new WaitingLine(Math.max(SharedConnection.MOST_STREAMS, policy.maxConnections()));
    this.growth =
        new Growth(shared, this, () -> Math.ceilDiv(waiting.size(), SharedConnection.MOST_STREAMS));
    this.settlement = new Settlement(this, shared, connections, waiting, growth);
    this.clock =
        new PoolClock(
            loop, times.tickMillis(), () -> !connections.isEmpty() || growth.isUnderWay());
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

  PoolTimes times() {
    return times;
  }

  @Override
  public int idleCount() {
    return idle.get();
  }

  @Override
  public int streamCount() {
    return streamCount.get();
  }

  @Override
  public Growth growth() {
    return growth;
  }

  @Override
  public void acquire(Attempt attempt) {
    SharedConnection roomy = connections.roomy();
    if (roomy != null && waiting.isEmpty() && roomy.carry(attempt)) {
      return;
    }
    if (!waiting.join(attempt)) {
      return;
    }
    if (roomy == null) {
      growth.grow();
    } else {
      settlement.later();
    }
  }

  @Override
  public void leave(Attempt attempt) {
    waiting.leave(attempt);
  }

  @Override
  public void open() {
    clock.start(this::sweep);
    shared.connector().connect(this);
  }

  void connected(SharedConnection connection) {
    growth.ended();
    connection.farewell().dueAt(times.lastTickFrom(tick()));
    connection.restAt(tick());
    connections.add(connection);
    settlement.later();
  }

  /** Whoever waits waited for this one, unless others can still serve. */
  void connectFailed(String reason) {
    growth.ended();
    shared.letGo();
    boolean othersServe = growth.isUnderWay() || connections.anyServes();
    waiting.fail(othersServe ? 1 : waiting.size(), reason);
    growth.grow();
  }

  /** Hears that a connection is gone. */
  void lost(SharedConnection connection) {
    connections.remove(connection);
    countIdle();
    shared.letGo();
    growth.grow();
  }

  /** Hears that a stream is given to an attempt. */
  void opened(Connection stream) {
    streams.add(stream);
    streamCount.set(streams.size());
    if (idle.get() > 0) {
      countIdle();
    }
  }

  /** A stream is used once. */
  @Override
  public void giveBack(Connection connection) {
    connection.close();
  }

  @Override
  public void forget(Connection connection) {
    streams.remove(connection);
    streamCount.set(streams.size());
  }

  /** Hears, in the midst of a frame, that a connection has room for another stream. */
  void streamEnded(SharedConnection connection) {
    if (connection.active() == 0) {
      connection.restAt(tick());
      countIdle();
    }
    if (!waiting.isEmpty()
        || connection.isLeaving()
        || shared.isRetired()
        || shared.someoneElseStarves(this)) {
      settlement.later();
    }
  }

  void countIdle() {
    idle.set(connections.idle());
  }

  Settlement settlement() {
    return settlement;
  }

  @Override
  public void closeIdle() {
    onLoop(connections::leaveAll);
  }

  @Override
  public void closeOneIdle() {
    onLoop(connections::leaveOneIdle);
  }

  @Override
  public void closeAll() {
    onLoop(
        () -> {
          streams.abort();
          connections.closeAll();
        });
  }

  private void sweep() {
    streams.check(tick(), times.stallTicks());
    connections.check(tick(), times);
  }
}
