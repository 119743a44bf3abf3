package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.route.RetryPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Makes requests fit to be sent twice, where a route wants that: by their Idempotency-Key, and by
 * keeping small bodies. The client vouches with its key, the upstream's team with the route file;
 * the gateway has nothing to check.
 *
 * <p>Only a body of a declared length is kept, as only then it is known beforehand that it fits. It
 * takes that much memory until the request ends, and where there is too much of that already, the
 * body is sent as it comes, once.
 */
final class Repeatability {
  private static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("idempotency-key");

  private final boolean byKey;
  private final int mostBytes;
  private final KeptBytes memory;
  private final RetryBudget budget;

  Repeatability(RetryPolicy policy, KeptBytes memory, RetryBudget budget) {
    this.byKey = policy.idempotencyKey();
    this.mostBytes = policy.bodyBytes();
    this.memory = memory;
    this.budget = budget;
  }

  /** Notes what the request says of itself. */
  void note(Exchange exchange) {
    if (byKey && hasKey(exchange.headers())) {
      exchange.noteKeyed();
    }
  }

  /** With two keys nobody knows which one the upstream would go by. */
  private static boolean hasKey(HttpHeaders headers) {
    String key = headers.get(IDEMPOTENCY_KEY);
    return key != null && !key.isBlank() && headers.getAll(IDEMPOTENCY_KEY).size() == 1;
  }

  /**
   * Returns whether the request's body is to be kept before it is sent; memory for it is held then,
   * until the request ends.
   */
  boolean keeps(Exchange exchange) {
    RequestBody body = exchange.body();
    if (mostBytes == 0 || !body.present() || body.kept() || !exchange.isIdempotent()) {
      return false;
    }
    int length = exchange.headers().getInt(HttpHeaderNames.CONTENT_LENGTH, Integer.MAX_VALUE);
    if (length > mostBytes) {
      return false;
    }
    if (!memory.tryHold(length)) {
      budget.noteNotKept();
      return false;
    }
    exchange.whenCompleted(() -> memory.letGo(length));
    return true;
  }

  /** Reads the body, which is the client's to send in this time. */
  Mono<Void> keep(Exchange exchange, Duration time) {
    int length = exchange.headers().getInt(HttpHeaderNames.CONTENT_LENGTH, 0);
    ByteBuf kept = ByteBufAllocator.DEFAULT.buffer(length, length);
    exchange.whenCompleted(kept::release);
    Flux<ByteBuf> again =
        Flux.generate(
            sink -> {
              sink.next(kept.retainedDuplicate());
              sink.complete();
            });
    return exchange
        .body()
        .content()
        .<Void>handle((bytes, _) -> take(kept, bytes))
        .then()
        .timeout(
            time,
            Mono.error(RefusedException::bodyTooSlow),
            Schedulers.fromExecutorService(exchange.eventLoop()))
        .doOnSuccess(_ -> exchange.boundBody(new RequestBody(true, again, true)));
  }

  private static void take(ByteBuf kept, ByteBuf bytes) {
    try {
      kept.writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }
}
