package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.ProblemJson;
import dev.weir.gateway.problem.Rejection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;

/** Writes what goes back to the client: an upstream's answer, or a problem. */
public final class ResponseWriter {
  private static final String EVENT_STREAM = "text/event-stream";

  private final SlowReaders slowReaders;
  private final Observer observer;

  /** Writes to clients that are ended once they do not read. */
  public ResponseWriter(SlowReaders slowReaders, Observer observer) {
    this.slowReaders = slowReaders;
    this.observer = observer;
  }

  Publisher<Void> write(HttpServerResponse response, Exchange exchange, UpstreamResponse upstream) {
    response.status(HttpResponseStatus.valueOf(upstream.status()));
    HttpHeaders headers = response.responseHeaders();
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    exchange.answered(upstream.headers());
    headers.add(upstream.headers());
    finishHead(response, exchange, upstream.status());
    return switch (upstream.body()) {
      case Body.Empty() -> whole(response, exchange, Unpooled.EMPTY_BUFFER);
      case Body.Whole(ByteBuf content) -> whole(response, exchange, content);
      case Body.Switched(Connection connection) ->
          throw new IllegalStateException("a WebSocket that nobody asked for");
      case Body.Stream(Flux<ByteBuf> content) -> stream(response, exchange, content);
    };
  }

  Publisher<Void> problem(HttpServerResponse response, Exchange exchange, Rejection rejection) {
    exchange.noteRefusal(rejection.error());
    response.status(HttpResponseStatus.valueOf(rejection.error().status()));
    HttpHeaders headers = response.responseHeaders();
    headers.set(HttpHeaderNames.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
    headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    for (Rejection.Header field : rejection.headers()) {
      headers.set(field.name(), field.value());
    }
    finishHead(response, exchange, rejection.error().status());
    byte[] body = ProblemJson.encode(rejection, exchange.head().requestId());
    headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return whole(response, exchange, Unpooled.wrappedBuffer(body));
  }

  private void finishHead(HttpServerResponse response, Exchange exchange, int status) {
    if (observer.isDraining()) {
      // Asked here, not when the request came: an answer that took long is the last one, too.
      response.keepAlive(false);
    }
    HttpHeaders headers = response.responseHeaders();
    for (Rejection.Header field : exchange.responseHeaders()) {
      if (!headers.contains(field.name())) {
        headers.set(field.name(), field.value());
      }
    }
    ResponseFields.harden(headers, exchange.head().requestId());
    exchange.noteStatus(status);
  }

  private Publisher<Void> whole(HttpServerResponse response, Exchange exchange, ByteBuf content) {
    exchange.noteSent(content.readableBytes());
    slowReaders.watchWhole(((Connection) response).channel());
    return response.sendObject(content).then();
  }

  /** Events come for as long as somebody listens; between them they cost nothing. */
  private static boolean isEventStream(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
  }

  private Publisher<Void> stream(
      HttpServerResponse response, Exchange exchange, Flux<ByteBuf> content) {
    if (!response.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      response.chunkedTransfer(true);
    }
    if (isEventStream(response.responseHeaders())) {
      exchange.returnPermit();
    }
    Channel channel = ((Connection) response).channel();
    Flux<ByteBuf> counted =
        new WritabilityGate(content, channel, slowReaders.watchStream(channel, exchange))
            .doOnNext(buffer -> exchange.noteSent(buffer.readableBytes()))
            // The server then completes as if all had been sent; only here the difference shows.
            .doOnCancel(() -> exchange.noteRefusal(GatewayError.CLIENT_ABORTED));
    // Flushed per buffer: an event stream must not wait for a buffer to fill. Netty joins what it
    // can.
    return response.send(counted, buffer -> true).then();
  }
}
