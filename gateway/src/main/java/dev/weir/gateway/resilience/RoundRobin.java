package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntUnaryOperator;

/**
 * One endpoint after the other. Every event loop goes round by itself, from a place of its own: one
 * counter for all would be a cache line that every request takes from another core.
 */
final class RoundRobin implements Balancer {
  private final IntUnaryOperator random;
  private final ConcurrentMap<EventLoop, Cursor> cursors = new ConcurrentHashMap<>();

  /** Where one loop is; confined to it. */
  private static final class Cursor {
    private int at;

    Cursor(int at) {
      this.at = at;
    }

    int next(int length) {
      at = at + 1 < length ? at + 1 : 0;
      return at;
    }
  }

  RoundRobin(IntUnaryOperator random) {
    this.random = random;
  }

  @Override
  public int pick(EndpointBreaker[] line, Exchange exchange, int excluded) {
    Cursor cursor = cursorOf(exchange.eventLoop(), line.length);
    int unwilling = NONE;
    for (int step = 0; step < line.length; step++) {
      int i = cursor.next(line.length);
      if (i != excluded && line[i].mayPermit()) {
        if (wants(line[i])) {
          return i;
        }
        unwilling = unwilling == NONE ? i : unwilling;
      }
    }
    return unwilling;
  }

  /** One that starts slowly lets most of its turns pass. */
  private boolean wants(EndpointBreaker endpoint) {
    int share = endpoint.share();
    return share == SlowStart.FULL || random.applyAsInt(SlowStart.FULL) < share;
  }

  private Cursor cursorOf(EventLoop loop, int length) {
    Cursor cursor = cursors.get(loop);
    return cursor != null
        ? cursor
        : cursors.computeIfAbsent(
            loop, ignored -> new Cursor(random.applyAsInt(Math.max(1, length))));
  }
}
