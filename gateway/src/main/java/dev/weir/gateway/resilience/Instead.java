package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.Fallback;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** What answers a request whose upstream failed. */
sealed interface Instead {

  /** Returns what the access log calls it. */
  String label();

  /** Returns what it answers this request, if it may. */
  Optional<Mono<UpstreamResponse>> answer(Exchange exchange);

  static Instead fixed(Fallback.Fixed fixed) {
    return new Fixed(
        fixed.status(), fixed.contentType(), fixed.body().getBytes(StandardCharsets.UTF_8));
  }

  /** An answer of the route file; caches must not keep what holds for a moment. */
  @SuppressWarnings("ArrayRecordComponent") // encoded once, and never compared
  record Fixed(int status, String contentType, byte[] body) implements Instead {

    @Override
    public String label() {
      return "fixed";
    }

    @Override
    public Optional<Mono<UpstreamResponse>> answer(Exchange exchange) {
      HttpHeaders headers = new DefaultHttpHeaders();
      headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      if (status != 204 && status != 304) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
      }
      boolean bodiless = body.length == 0 || HttpMethod.HEAD.equals(exchange.method());
      return Optional.of(
          Mono.just(
              new UpstreamResponse(
                  status,
                  headers,
                  bodiless
                      ? new UpstreamResponse.Body.Empty()
                      : new UpstreamResponse.Body.Whole(Unpooled.wrappedBuffer(body)))));
    }
  }

  /** Another upstream, unless the first may have begun to do what cannot be done twice. */
  record Elsewhere(String label, AttemptLoop loop) implements Instead {

    @Override
    public Optional<Mono<UpstreamResponse>> answer(Exchange exchange) {
      boolean maySend = !exchange.hasReached() || exchange.isReplayable();
      return maySend ? Optional.of(loop.send(exchange)) : Optional.empty();
    }
  }

  /** The last good answer, where there is one for this request. */
  record Stale(LastAnswers kept) implements Instead {

    @Override
    public String label() {
      return "stale";
    }

    @Override
    public Optional<Mono<UpstreamResponse>> answer(Exchange exchange) {
      return kept.find(exchange).map(Mono::just);
    }
  }
}
