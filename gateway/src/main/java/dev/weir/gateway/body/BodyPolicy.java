package dev.weir.gateway.body;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * Bounds a route's request bodies. A declared length is refused before a byte is read; a body
 * without one is counted as it streams, so chunked and HTTP/2 bodies cannot slip past.
 */
public final class BodyPolicy implements Enforcer {
  private final long maxBytes;
  private final Rejection tooLarge;

  /** Bounds bodies to {@code maxBytes}. */
  public BodyPolicy(long maxBytes) {
    this.maxBytes = maxBytes;
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
    if (declared == null) {
      exchange.boundBody(new RequestBody(true, count(body.content())));
      return Verdict.PROCEED;
    }
    // The codec holds a declared body to its length, so the declaration is as good as a count.
    return exceeds(declared) ? new Verdict.Refuse(tooLarge) : Verdict.PROCEED;
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
