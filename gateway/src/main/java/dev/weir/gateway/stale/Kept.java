package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One good answer, on the heap.
 *
 * @param keptNanos when
 * @param bornNanos when its age was 0, by the same clock
 * @param diesNanos when it is of no more use
 * @param shared whether the upstream says that it is for all, whoever asks
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared
record Kept(
    List<Field> fields,
    byte[] body,
    Selection selection,
    boolean shared,
    long keptNanos,
    long bornNanos,
    long diesNanos) {
  /** What a copy takes beside its bytes, roughly; it bounds how many there may be. */
  private static final int FRAME = 1_024;

  private static final int FRAME_OF_A_FIELD = 64;

  private static final HttpHeadersFactory UNCHECKED =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  /** What stays as it is while the body does. */
  private static final List<AsciiString> OF_THE_BODY =
      List.of(
          HttpHeaderNames.CONTENT_LENGTH,
          HttpHeaderNames.CONTENT_TYPE,
          HttpHeaderNames.CONTENT_ENCODING,
          HttpHeaderNames.CONTENT_RANGE);

  /** A field of the answer. */
  record Field(String name, String value) {}

  /** Copies the list. */
  Kept {
    fields = List.copyOf(fields);
  }

  /** Returns what it takes of the memory, in bytes. */
  int weight() {
    int weight = FRAME + body.length + selection.size();
    for (Field field : fields) {
      weight += FRAME_OF_A_FIELD + field.name().length() + field.value().length();
    }
    return weight;
  }

  boolean isAlive(long nowNanos) {
    return nowNanos - diesNanos < 0;
  }

  /** Returns the answer as it is given now, with a body of its own reference count. */
  UpstreamResponse answer(long nowNanos, boolean headOnly) {
    HttpHeaders headers = headers();
    headers.set(
        HttpHeaderNames.AGE, Long.toString(TimeUnit.NANOSECONDS.toSeconds(nowNanos - bornNanos)));
    return new UpstreamResponse(
        200,
        headers,
        headOnly || body.length == 0
            ? new Body.Empty()
            : new Body.Whole(Unpooled.wrappedBuffer(body)));
  }

  /**
   * Returns the answer with the newer fields of a 304 (RFC 9111 §3.2), where that speaks of this
   * one.
   */
  Optional<UpstreamResponse> renewed(HttpHeaders said) {
    HttpHeaders headers = headers();
    String tag = said.get(HttpHeaderNames.ETAG);
    if (tag == null || !tag.equals(headers.get(HttpHeaderNames.ETAG))) {
      return Optional.empty();
    }
    for (String name : said.names()) {
      if (OF_THE_BODY.stream().noneMatch(kept -> kept.contentEqualsIgnoreCase(name))) {
        headers.set(name, said.getAll(name));
      }
    }
    return Optional.of(
        new UpstreamResponse(200, headers, new Body.Whole(Unpooled.wrappedBuffer(body))));
  }

  /** Unchecked, as what comes from an upstream is: they were checked as they were read. */
  private HttpHeaders headers() {
    HttpHeaders headers = UNCHECKED.newHeaders();
    for (Field field : fields) {
      headers.add(field.name(), field.value());
    }
    return headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
  }
}
