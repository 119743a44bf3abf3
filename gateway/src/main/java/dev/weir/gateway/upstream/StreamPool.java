package dev.weir.gateway.upstream;

import dev.weir.gateway.route.PoolPolicy;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

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
  /** A peer is asked whether it is there after this share of the time that silence may last. */
  private static final int QUIET_SHARE = 3;

  private static final long MAX_PING_MILLIS = 10_000;

  private final EndpointPool shared;
  private final EventLoop loop;
  private final PoolTimes times;
  private final long pingMillis;
  private final WaitingLine waiting;
  private final List<SharedConnection> connections = new ArrayList<>();
  private final OpenConnections streams = new OpenConnections();
  private final Growth growth;
  private final PoolClock clock;

  /**
   * Written by the owning loop alone, read by meters and by loops that look for a connection to
   * close. Volatile in full for the reason that {@link IdleConnections} has.
   */
  private final AtomicInteger idle = new AtomicInteger();

  /** Written by the owning loop alone, read by meters. */
  private final AtomicInteger streamCount = new AtomicInteger();

  private boolean settling;

  StreamPool(EndpointPool shared, EventLoop loop) {
    this.shared = shared;
    this.loop = loop;
    PoolPolicy policy = shared.key().policy();
    this.times = PoolTimes.of(policy);
    long stall = policy.idleTimeout().toMillis();
    this.pingMillis = Math.clamp(stall / QUIET_SHARE, 1, MAX_PING_MILLIS);
    this.waiting =
        new WaitingLine(Math.max(SharedConnection.MOST_STREAMS, policy.maxConnections()));
    this.growth = new Growth(shared, this, this::wanted);
    this.clock =
        new PoolClock(
            loop, times.tickMillis(), () -> !connections.isEmpty() || growth.isUnderWay());
  }

  private int wanted() {
    return Math.ceilDiv(waiting.size(), SharedConnection.MOST_STREAMS);
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
    return clock.tick();
  }

  /** Returns how long an answer to a PING may take. */
  long pingMillis() {
    return pingMillis;
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
  public boolean isConnecting() {
    return growth.isUnderWay();
  }

  @Override
  public void acquire(Attempt attempt) {
    SharedConnection roomy = roomy();
    if (roomy != null && waiting.isEmpty() && roomy.carry(attempt)) {
      return;
    }
    if (!waiting.join(attempt)) {
      return;
    }
    if (roomy == null) {
      growth.grow();
    } else {
      settleLater();
    }
  }

  @Override
  public void acquireFresh(Attempt attempt) {
    acquire(attempt);
  }

  private @Nullable SharedConnection roomy() {
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).hasRoom()) {
        return connections.get(i);
      }
    }
    return null;
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

  @Override
  public void inherit() {
    growth.inherit();
  }

  void connected(SharedConnection connection) {
    growth.ended();
    connection.liveUntil(times.lastTickFrom(tick()));
    connection.restAt(tick());
    connections.add(connection);
    settleLater();
  }

  /** Whoever waits waited for this one, unless others can still serve. */
  void connectFailed(String reason) {
    growth.ended();
    shared.letGo();
    boolean othersServe = growth.isUnderWay() || servesOn();
    waiting.fail(othersServe ? 1 : waiting.size(), reason);
    growth.grow();
  }

  /**
   * Returns whether there is a connection that will take requests again; one that leaves will not.
   */
  private boolean servesOn() {
    return connections.stream().anyMatch(connection -> !connection.isLeaving());
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
      settleLater();
    }
  }

  private void countIdle() {
    int count = 0;
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).active() == 0) {
        count++;
      }
    }
    idle.set(count);
  }

  /** Does so in a turn of its own, where nobody is in the midst of anything. */
  private void settleLater() {
    if (!settling && !loop.isShuttingDown()) {
      settling = true;
      loop.execute(this::settleNow);
    }
  }

  /** Hears that a connection may take streams which it did not before. */
  void settle() {
    if (!waiting.isEmpty()) {
      settleLater();
    }
  }

  private void settleNow() {
    settling = false;
    serveWaiting();
    if (shared.isRetired() && waiting.isEmpty()) {
      leaveAll();
    } else if (mustYield()) {
      connections.getFirst().leave();
    }
    for (SharedConnection connection : List.copyOf(connections)) {
      connection.closeIfDone();
    }
    countIdle();
    if (idle.get() > 0 && mustYield()) {
      // It queued after the first look and saw nothing idle here.
      settleLater();
    }
    growth.grow();
  }

  private void serveWaiting() {
    SharedConnection roomy = roomy();
    Attempt first = roomy == null ? null : waiting.first();
    while (roomy != null && first != null) {
      if (!roomy.carry(first)) {
        waiting.takeBack(first);
        roomy.leave();
      }
      roomy = roomy();
      first = roomy == null ? null : waiting.first();
    }
  }

  private boolean mustYield() {
    return shared.someoneElseStarves(this)
        && !connections.isEmpty()
        && (waiting.isEmpty() || connections.size() > shared.fairShare());
  }

  private void leaveAll() {
    List.copyOf(connections).forEach(SharedConnection::leave);
  }

  @Override
  public void closeIdle() {
    onLoop(this::leaveAll);
  }

  @Override
  public void closeOneIdle() {
    onLoop(
        () ->
            connections.stream()
                .filter(connection -> connection.active() == 0)
                .findFirst()
                .ifPresent(SharedConnection::leave));
  }

  @Override
  public void closeAll() {
    onLoop(
        () -> {
          streams.abort();
          List.copyOf(connections).forEach(SharedConnection::close);
        });
  }

  private void sweep() {
    int tick = tick();
    streams.check(tick, times.stallTicks());
    int quietTicks = Math.max(1, times.stallTicks() / QUIET_SHARE);
    for (SharedConnection connection : List.copyOf(connections)) {
      connection.check(tick, times.idleTicks(), quietTicks);
    }
  }
}
