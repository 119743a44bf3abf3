package dev.weir.gateway.admission;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Holders;
import dev.weir.gateway.route.Priority;

/**
 * Who gets in while half of what a class may fill is taken. Before that nobody counts who is who.
 *
 * <p>An upstream gets no more than what is then left for others, and a client of it three times
 * that: whoever holds little finds room as long as there is any ({@link Holders}). A client counts
 * for each upstream apart, as all that an edge sees may come from one address. And a class that
 * holds less than a twentieth of the limit gets in as long as the whole limit has room, so that
 * none is shut out by those before it.
 */
final class FullHouse {
  private static final int FLOOR = 20;

  private final AdaptiveLimit limit;
  private final Holders upstreams = new Holders(1);
  private final Holders clients = new Holders(3);
  private final Holders classes = new Holders(1);

  FullHouse(AdaptiveLimit limit) {
    this.limit = limit;
  }

  /** Takes a permit for the exchange. */
  boolean tryEnter(Exchange exchange, Priority priority, int upstream) {
    int client = Holders.both(Holders.guest(exchange, priority.ordinal()), upstream);
    int ofClass = Holders.guest(priority.label());
    boolean taken =
        tryTake(priority, upstream, client)
            || (hasFloor(ofClass) && tryTake(Priority.CRITICAL, upstream, client));
    if (taken) {
      count(upstream, client, ofClass, 1);
      exchange.holdPermit(
          () -> {
            count(upstream, client, ofClass, -1);
            limit.release();
          });
    }
    return taken;
  }

  private boolean tryTake(Priority as, int upstream, int client) {
    int free = limit.free(as);
    return upstreams.mayHaveMore(upstream, free)
        && clients.mayHaveMore(client, free)
        && limit.tryAcquire(as);
  }

  private boolean hasFloor(int ofClass) {
    return classes.of(ofClass) < Math.max(1, limit.limit(Priority.CRITICAL) / FLOOR);
  }

  private void count(int upstream, int client, int ofClass, int step) {
    upstreams.add(upstream, step);
    clients.add(client, step);
    classes.add(ofClass, step);
  }
}
