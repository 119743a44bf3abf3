package dev.weir.quickstart.demo;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Takes in request bodies, keeping no more than asked for and reading all. */
final class Bodies {
  private static final class Collected {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long size;
  }

  private Bodies() {}

  /** The body, or empty when it is larger than the limit. */
  static Mono<Optional<byte[]>> upTo(int limit, HttpServerRequest request) {
    return request
        .receive()
        .collect(Collected::new, (collected, buffer) -> keep(collected, buffer, limit))
        .map(
            collected ->
                collected.size > limit
                    ? Optional.empty()
                    : Optional.of(collected.kept.toByteArray()));
  }

  /** The number of bytes alone. */
  static Mono<Long> size(HttpServerRequest request) {
    return request.receive().reduce(0L, (sum, buffer) -> sum + buffer.readableBytes());
  }

  private static void keep(Collected collected, ByteBuf buffer, int limit) {
    collected.size += buffer.readableBytes();
    if (collected.size <= limit) {
      var bytes = new byte[buffer.readableBytes()];
      buffer.readBytes(bytes);
      collected.kept.writeBytes(bytes);
    }
  }
}
