package dev.weir.gateway.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Deals the streams of one event loop's shared connections out to the attempts that wait, and the
 * connections to loops that have none: in a turn of its own, where nobody is in the midst of
 * anything. No request that finds room comes by here. Confined to its loop.
 */
final class Settlement {
  private final StreamPool pool;
  private final EndpointPool shared;
  private final SharedConnections connections;
  private final WaitingLine waiting;
  private final Growth growth;
  private boolean due;

  Settlement(
      StreamPool pool,
      EndpointPool shared,
      SharedConnections connections,
      WaitingLine waiting,
      Growth growth) {
    this.pool = pool;
    this.shared = shared;
    this.connections = connections;
    this.waiting = waiting;
    this.growth = growth;
  }

  /** Has it done in the next turn, once. */
  void later() {
    if (!due && !pool.loop().isShuttingDown()) {
      due = true;
      pool.loop().execute(this::now);
    }
  }

  /** Hears that a connection may take streams which it did not before. */
  void wake() {
    if (!waiting.isEmpty()) {
      later();
    }
  }

  private void now() {
    due = false;
    serveWaiting();
    if (shared.isRetired() && waiting.isEmpty()) {
      connections.leaveAll();
    } else if (mustYield()) {
      connections.leaveFirst();
    }
    connections.closeDone();
    pool.countIdle();
    if (pool.idleCount() > 0 && mustYield()) {
      // It queued after the first look and saw nothing idle here.
      later();
    }
    growth.grow();
  }

  private void serveWaiting() {
    SharedConnection roomy = connections.roomy();
    Attempt first = firstFor(roomy);
    while (roomy != null && first != null) {
      if (!roomy.carry(first)) {
        waiting.takeBack(first);
        roomy.leave();
      }
      roomy = connections.roomy();
      first = firstFor(roomy);
    }
  }

  private @Nullable Attempt firstFor(@Nullable SharedConnection roomy) {
    return roomy == null ? null : waiting.first();
  }

  private boolean mustYield() {
    return shared.someoneElseStarves(pool)
        && !connections.isEmpty()
        && (waiting.isEmpty() || connections.size() > shared.fairShare());
  }
}
