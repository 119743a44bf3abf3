package dev.weir.gateway.upstream;

import java.util.function.IntSupplier;

/**
 * Opens connections for the attempts that wait in one pool, as far as the bound of all loops
 * allows. Confined to the pool's loop, but for {@link #inherit}.
 */
final class Growth {
  private final EndpointPool shared;
  private final Pool pool;
  private final IntSupplier wanted;
  private int underWay;
  private boolean starving;

  /**
   * Prepares to open.
   *
   * @param wanted how many connections should be under way
   */
  Growth(EndpointPool shared, Pool pool, IntSupplier wanted) {
    this.shared = shared;
    this.pool = pool;
    this.wanted = wanted;
  }

  boolean isUnderWay() {
    return underWay > 0;
  }

  /** Hears that a connection is open, or failed to be. */
  void ended() {
    underWay--;
  }

  /** Opens as many as are wanted and not under way. */
  void grow() {
    while (underWay < wanted.getAsInt()) {
      if (!shared.tryHold() && !starveUnlessFreed()) {
        return;
      }
      open();
    }
  }

  private void open() {
    underWay++;
    pool.open();
  }

  /** Queues for a hold; returns true where one came free in between. */
  private boolean starveUnlessFreed() {
    if (!starving) {
      starving = true;
      shared.starve(pool);
    }
    return shared.tryHold();
  }

  /** Takes over a hold that another loop let go; called on any thread. */
  void inherit() {
    if (pool.loop().isShuttingDown()) {
      shared.abandon();
      return;
    }
    pool.loop().execute(this::useInherited);
  }

  private void useInherited() {
    starving = false;
    if (underWay < wanted.getAsInt()) {
      open();
    } else {
      shared.letGo();
    }
    grow();
  }
}
