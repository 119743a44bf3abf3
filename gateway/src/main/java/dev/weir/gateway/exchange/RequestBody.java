package dev.weir.gateway.exchange;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;

/**
 * The request's body, which can be read once.
 *
 * @param present false where the request's framing says that there is none
 * @param content the buffers as they arrive; the subscriber owns and releases each
 */
public record RequestBody(boolean present, Flux<ByteBuf> content) {

  /** No body. */
  public static final RequestBody NONE = new RequestBody(false, Flux.empty());
}
