package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;

/**
 * Where the attempts of one event loop get what carries them to one endpoint: a connection of their
 * own, or a stream of a shared one.
 *
 * <p>Confined to its loop, but for what says otherwise.
 */
interface Pool {
  /** Attempts that may wait, where the bound on connections is smaller still. */
  int MIN_WAITING = 16;

  EventLoop loop();

  /** Returns what the loops share of the endpoint. */
  EndpointPool shared();

  default PoolKey key() {
    return shared().key();
  }

  /** Returns what goes into the Host field. */
  String authority();

  /** Returns the time, in a unit of the pool's own. */
  int tick();

  Growth growth();

  /** Returns whether a connection is being opened. */
  default boolean isConnecting() {
    return growth().isUnderWay();
  }

  /** Grants a connection to the attempt: at once where one is free, else when its turn comes. */
  void acquire(Attempt attempt);

  /** Grants another connection to an attempt that the last one has failed without a fault. */
  default void acquireFresh(Attempt attempt) {
    acquire(attempt);
  }

  /** Takes an attempt that gives up waiting out of the queue. */
  void leave(Attempt attempt);

  /** Takes a connection that is done with its request and may carry another. */
  void giveBack(Connection connection);

  /** Forgets a connection that is being closed. */
  void forget(Connection connection);

  /** Returns how many connections carry nothing; on any thread. */
  int idleCount();

  /** Returns how many requests share connections; on any thread. */
  int streamCount();

  /** Begins to open a connection, for which a hold is taken. */
  void open();

  /** Takes over a hold that another loop let go; on any thread. */
  default void inherit() {
    growth().inherit();
  }

  /** Closes what is idle, and the rest once it is; on any thread. */
  void closeIdle();

  /** Closes the connection that is idle longest; on any thread. */
  void closeOneIdle();

  /** Closes every connection; on any thread. */
  void closeAll();

  /** Does so in a turn of its loop, unless that has ended. */
  default void onLoop(Runnable task) {
    if (!loop().isShuttingDown()) {
      loop().execute(task);
    }
  }
}
