package dev.weir.bench.ceiling;

import dev.weir.bench.load.Stamp;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Stands at the upstream and writes down every request that arrives: through which gateway, whose,
 * when sent, when arrived. What gateways say of themselves does not count. On the one event loop of
 * the upstream.
 */
final class Judge implements Consumer<ByteBuf> {
  private static final String HEAD = "GET ";
  private static final String AREA = "/api/";
  private static final int GATEWAY_AT = HEAD.length() + AREA.length();
  private static final int CALLER_AT = GATEWAY_AT + 2;
  private static final int STAMP_AT = CALLER_AT + 4;

  private final List<Passed> callers;
  // For the line that says what is going on; written by the event loop, read by anybody.
  private final AtomicLongArray throughGateway;

  Judge(Options options) {
    this.callers = Stream.generate(Passed::new).limit(options.callers()).toList();
    this.throughGateway = new AtomicLongArray(options.gateways());
  }

  /** Returns the path that requests to a gateway begin with. */
  static String path(int gateway) {
    return AREA + gateway;
  }

  /** Returns the path of requests that are not judged. */
  static String warmPath(int gateway) {
    return "/warm/" + gateway;
  }

  @Override
  public void accept(ByteBuf head) {
    int at = head.readerIndex();
    if (head.getByte(at + HEAD.length() + 1) != 'a') {
      return;
    }
    long arrived = System.nanoTime();
    int gateway = digit(head, at + GATEWAY_AT);
    int caller = 0;
    for (int i = 0; i < 3; i++) {
      caller = 10 * caller + digit(head, at + CALLER_AT + i);
    }
    callers.get(caller).add(gateway, Stamp.read(head, at + STAMP_AT), arrived);
    throughGateway.incrementAndGet(gateway);
  }

  private static int digit(ByteBuf in, int index) {
    return in.getByte(index) - '0';
  }

  long passedThrough(int gateway) {
    return throughGateway.get(gateway);
  }

  /** To be read once the upstream's event loop has ended. */
  List<Passed> callers() {
    return callers;
  }
}
