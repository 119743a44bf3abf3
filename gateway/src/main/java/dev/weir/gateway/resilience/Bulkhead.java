package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.Permits;

/**
 * Bounds the requests under way to one upstream, so that a slow one cannot hold everything that
 * this gateway may have at once. The bound is exact over all event loops; a request usually takes
 * its place from its own loop's purse and writes to nothing that others write to ({@link Permits}).
 *
 * <p>One per route and generation; the permits behind it are the upstream's, whatever its bound is
 * now.
 */
final class Bulkhead {
  static final Bulkhead NONE = new Bulkhead(new Permits(), Integer.MAX_VALUE);

  /** What idles in purses is refetched before anybody is refused; it only saves steps. */
  private static final int HANDFULS = 16;

  private static final int HANDFUL_BOUND = 32;

  private final Permits permits;
  private final int most;
  private final int handful;
  private final Runnable departure = this::leave;

  Bulkhead(Permits permits, int most) {
    this.permits = permits;
    this.most = most;
    this.handful = Math.clamp(most / HANDFULS / LoopCounts.size(), 1, HANDFUL_BOUND);
  }

  boolean isBounded() {
    return most != Integer.MAX_VALUE;
  }

  /** Takes a place, which has to be given back by {@link #leave} or {@link #departure}. */
  boolean tryEnter() {
    if (!isBounded() || (permits.drawn() <= most && permits.takeOwn())) {
      return true;
    }
    if (permits.draw(handful, most)) {
      return true;
    }
    permits.fetchIdle();
    return permits.draw(1, most);
  }

  void leave() {
    if (isBounded()) {
      permits.putBack(handful);
    }
  }

  /** Returns what has to run once when an answered request is over. */
  Runnable departure() {
    return departure;
  }
}
