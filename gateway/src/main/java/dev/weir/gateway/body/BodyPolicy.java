package dev.weir.gateway.body;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Bounds a route's request bodies. A declared length is refused before a byte is read; a body
 * without one is counted as it streams, so chunked and HTTP/2 bodies cannot slip past. A body that
 * is still coming when its time is over ends the request with 408.
 */
public final class BodyPolicy implements Enforcer {
  private final long maxBytes;
  private final Duration arrival;
  private final Rejection tooLarge;

  /**
   * Bounds bodies to {@code maxBytes}.
   *
   * @param arrival how long a body may take to arrive, from the moment somebody wants it
   */
  public BodyPolicy(long maxBytes, Duration arrival) {
    this.maxBytes = maxBytes;
    this.arrival = arrival;
    this.tooLarge =
        Rejection.of(
            GatewayError.BODY_TOO_LARGE,
            "This route takes bodies of up to " + maxBytes + " bytes.");
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    RequestBody body = exchange.body();
    if (!body.present()) {
      return Verdict.PROCEED;
    }
    String declared = exchange.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (declared != null && exceeds(declared)) {
      return new Verdict.Refuse(tooLarge);
    }
    // The codec holds a declared body to its length, so the declaration is as good as a count.
    Flux<ByteBuf> sized = declared == null ? count(body.content()) : body.content();
    exchange.boundBody(new RequestBody(true, sized.takeUntilOther(tooSlow(exchange.eventLoop()))));
    return Verdict.PROCEED;
  }

  private Mono<Void> tooSlow(EventLoop loop) {
    return Mono.delay(arrival, Schedulers.fromExecutorService(loop))
        .then(Mono.error(RefusedException::bodyTooSlow));
  }

  private boolean exceeds(String declared) {
    try {
      return Long.parseLong(declared.strip()) > maxBytes;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private Flux<ByteBuf> count(Flux<ByteBuf> content) {
    return Flux.defer(() -> content.handle(new Count()::next));
  }

  private final class Count {
    private long seen;

    void next(ByteBuf buffer, SynchronousSink<ByteBuf> sink) {
      seen += buffer.readableBytes();
      if (seen > maxBytes) {
        buffer.release();
        sink.error(new RefusedException(tooLarge));
        return;
      }
      sink.next(buffer);
    }
  }
}
