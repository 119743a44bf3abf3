package dev.weir.gateway.host;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** A request body that can tell whether somebody waits for more of it: then the client is slow. */
final class WatchedBody {
  // Asked for on the host's thread and received on the request's; only ever compared with zero.
  private final AtomicLong outstanding = new AtomicLong();
  private volatile boolean ended;

  Flux<ByteBuf> watch(Flux<ByteBuf> content) {
    return content
        .doOnRequest(n -> outstanding.accumulateAndGet(n, Operators::addCap))
        .doOnNext(buffer -> outstanding.decrementAndGet())
        .doOnTerminate(() -> ended = true);
  }

  boolean isAwaited() {
    return !ended && outstanding.get() > 0;
  }
}
