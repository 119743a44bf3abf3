package dev.weir.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Supplier;
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

    /**
     * It is still coming; cancelling closes the connection, or resets the stream.
     *
     * @param trailers the fields behind the body; to be asked for at its end
     */
    record Stream(Flux<ByteBuf> content, Supplier<HttpHeaders> trailers) implements Body {
      /** What a body has that nothing can follow. */
      public static final Supplier<HttpHeaders> NO_TRAILERS = () -> EmptyHttpHeaders.INSTANCE;

      /** Makes a body that no fields follow. */
      public Stream(Flux<ByteBuf> content) {
        this(content, NO_TRAILERS);
      }
    }
  }

  /** Drops the body and everything held for it. */
  public void discard() {
    switch (body) {
      case Body.Empty() -> {}
      case Body.Whole(ByteBuf content) -> content.release();
      case Body.Switched(Connection connection) -> connection.dispose();
      case Body.Stream(Flux<ByteBuf> content, var _) ->
          content.subscribe(ByteBuf::release, error -> {}).dispose();
    }
  }
}
