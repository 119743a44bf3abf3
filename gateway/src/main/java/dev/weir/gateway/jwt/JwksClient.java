package dev.weir.gateway.jwt;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Fetches a key set document. No redirects: keys come from the configured place only (RFC 8725
 * §3.10). The answer is bounded in time and size.
 */
final class JwksClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int BODY_BOUND = 256 * 1024;
  private static final Duration LIFETIME_DEFAULT = Duration.ofMinutes(5);
  private static final Duration LIFETIME_LEAST = Duration.ofSeconds(30);
  private static final Duration LIFETIME_MOST = Duration.ofHours(1);

  private final HttpClient client;

  /** What was fetched, and for how long it is fresh. */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Document(byte[] json, Duration lifetime) {}

  /** The fetch failed; without a stack trace. */
  static final class FetchFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FetchFailed(String message) {
      super(message, null, false, false);
    }
  }

  JwksClient() {
    this.client =
        HttpClient.newConnection()
            .followRedirect(false)
            .responseTimeout(TIMEOUT)
            .headers(h -> h.set(HttpHeaderNames.ACCEPT, HttpHeaderValues.APPLICATION_JSON));
  }

  Mono<Document> fetch(URI uri) {
    return client
        .get()
        .uri(uri)
        .response(JwksClient::document)
        .next()
        .switchIfEmpty(Mono.error(() -> new FetchFailed("no answer")))
        .timeout(TIMEOUT);
  }

  private static Flux<Document> document(HttpClientResponse response, ByteBufFlux body) {
    if (response.status().code() != 200) {
      return Flux.error(new FetchFailed("status " + response.status().code()));
    }
    Duration lifetime = lifetime(response.responseHeaders().get(HttpHeaderNames.CACHE_CONTROL, ""));
    return body.collect(ByteArrayOutputStream::new, JwksClient::append)
        .map(bytes -> new Document(bytes.toByteArray(), lifetime))
        .flux();
  }

  private static void append(ByteArrayOutputStream bytes, ByteBuf part) {
    if (bytes.size() + part.readableBytes() > BODY_BOUND) {
      throw new FetchFailed("more than " + BODY_BOUND + " bytes");
    }
    byte[] copy = new byte[part.readableBytes()];
    part.readBytes(copy);
    bytes.writeBytes(copy);
  }

  /** Honours max-age within bounds, so that no issuer can make us ask always, or never again. */
  static Duration lifetime(String cacheControl) {
    for (String directive : cacheControl.toLowerCase(Locale.ROOT).split(",", 32)) {
      String trimmed = directive.trim();
      if (trimmed.startsWith("max-age=")) {
        return bounded(trimmed.substring("max-age=".length()));
      }
    }
    return LIFETIME_DEFAULT;
  }

  private static Duration bounded(String seconds) {
    if (seconds.isEmpty()
        || seconds.length() > 9
        || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return LIFETIME_DEFAULT;
    }
    Duration stated = Duration.ofSeconds(Long.parseLong(seconds));
    if (stated.compareTo(LIFETIME_LEAST) < 0) {
      return LIFETIME_LEAST;
    }
    return stated.compareTo(LIFETIME_MOST) > 0 ? LIFETIME_MOST : stated;
  }
}
