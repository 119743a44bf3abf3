package dev.weir.gateway.exchange;

import io.netty.buffer.ByteBuf;
import reactor.core.publisher.Flux;

/**
 * The request's body, which can be read once, or, where it is kept, as often as is wanted.
 *
 * @param present false where the request's framing says that there is none
 * @param content the buffers as they arrive; the subscriber owns and releases each
 * @param kept whether all of it is in memory until the request ends
 */
public record RequestBody(boolean present, Flux<ByteBuf> content, boolean kept) {

  /** No body. */
  public static final RequestBody NONE = new RequestBody(false, Flux.empty());

  /** Makes a body that can be read once. */
  public RequestBody(boolean present, Flux<ByteBuf> content) {
    this(present, content, false);
  }
}
