package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
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
    HttpHeaders headers = new DefaultHttpHeaders();
    for (Field field : fields) {
      headers.add(field.name(), field.value());
    }
    headers.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    headers.set(
        HttpHeaderNames.AGE, Long.toString(TimeUnit.NANOSECONDS.toSeconds(nowNanos - bornNanos)));
    return new UpstreamResponse(
        200,
        headers,
        headOnly || body.length == 0
            ? new Body.Empty()
            : new Body.Whole(Unpooled.wrappedBuffer(body)));
  }
}
