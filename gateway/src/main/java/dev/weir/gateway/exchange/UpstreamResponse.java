package dev.weir.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;

/**
 * The head of an upstream's answer, and its body as far as it has arrived. Whoever receives it has
 * to consume or {@link #discard()} it, or the connection is lost to the pool.
 *
 * @param headers without hop-by-hop fields; free to edit
 */
public record UpstreamResponse(int status, HttpHeaders headers, Body body) {

  /** The body. */
  public sealed interface Body {

    /** There is none. */
    record Empty() implements Body {}

    /** It came with the head; the receiver owns the buffer. */
    record Whole(ByteBuf content) implements Body {}

    /** The connection speaks another protocol from now on; whoever takes it closes it. */
    record Switched(Connection connection) implements Body {}

    /** It is still coming; cancelling closes the connection. */
    record Stream(Flux<ByteBuf> content) implements Body {}
  }

  /** Drops the body and everything held for it. */
  public void discard() {
    switch (body) {
      case Body.Empty() -> {}
      case Body.Whole(ByteBuf content) -> content.release();
      case Body.Switched(Connection connection) -> connection.dispose();
      case Body.Stream(Flux<ByteBuf> content) ->
          content.subscribe(ByteBuf::release, error -> {}).dispose();
    }
  }
}
