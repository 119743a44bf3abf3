package dev.weir.gateway.host;

import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CancellationException;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * Catches what the filter chain answers and hands it on as an upstream's response, so that the
 * stages around the host (deadline, retry, breaker, response fields) hold for its routes as for all
 * others.
 */
final class HostResponse extends AbstractServerHttpResponse {
  private final Sinks.One<UpstreamResponse> head = Sinks.one();

  HostResponse(NettyDataBufferFactory buffers) {
    super(buffers);
  }

  /** Returns the answer, once the chain has one. */
  Mono<UpstreamResponse> answer() {
    return head.asMono();
  }

  /** The chain is through; where it wrote nothing, the head alone is the answer. */
  void finish() {
    head.tryEmitValue(response(new Body.Empty()));
  }

  /** The chain failed; where it wrote nothing, that is the answer. */
  void fail(Throwable error) {
    head.tryEmitError(error);
  }

  @Override
  protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
    return Mono.create(written -> emit(Flux.from(body), written));
  }

  @Override
  protected Mono<Void> writeAndFlushWithInternal(
      Publisher<? extends Publisher<? extends DataBuffer>> body) {
    return Mono.create(written -> emit(Flux.from(body).concatMap(Flux::from), written));
  }

  private void emit(Flux<? extends DataBuffer> body, MonoSink<Void> written) {
    Flux<ByteBuf> content =
        body.map(buffer -> NettyDataBufferFactory.toByteBuf(buffer))
            .doOnComplete(written::success)
            .doOnError(written::error)
            .doOnCancel(() -> written.error(new CancellationException("client went away")));
    head.tryEmitValue(response(new Body.Stream(content)));
  }

  private UpstreamResponse response(Body body) {
    HttpStatusCode status = getStatusCode();
    HttpHeaders fields = new DefaultHttpHeaders();
    getHeaders().forEach(fields::add);
    fields.remove(HttpHeaderNames.TRANSFER_ENCODING).remove(HttpHeaderNames.CONNECTION);
    for (var named : getCookies().values()) {
      for (ResponseCookie cookie : named) {
        fields.add(HttpHeaderNames.SET_COOKIE, cookie.toString());
      }
    }
    return new UpstreamResponse(status == null ? 200 : status.value(), fields, body);
  }

  @Override
  protected void applyStatusCode() {
    // Read when the answer is emitted.
  }

  @Override
  protected void applyHeaders() {
    // Read when the answer is emitted.
  }

  @Override
  protected void applyCookies() {
    // Read when the answer is emitted.
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the signature is Spring's
  public <T> T getNativeResponse() {
    return (T) this;
  }
}
