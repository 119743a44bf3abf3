package dev.weir.gateway.stale;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;

/**
 * Reads the Cache-Control of a route's answers, which is mostly the same: what was read last is
 * remembered, as long as it is short.
 */
final class Directives {
  private static final int MOST_CHARACTERS = 128;

  private record Read(String field, CacheControl said) {}

  /** Immutable and published whole: loops that replace each other's read once more, no worse. */
  private volatile Read last = new Read("", CacheControl.NOTHING_SAID);

  CacheControl of(HttpHeaders answer) {
    Iterator<String> fields = answer.valueStringIterator(HttpHeaderNames.CACHE_CONTROL);
    String field = fields.hasNext() ? fields.next() : "";
    if (field.isEmpty() || field.length() > MOST_CHARACTERS || fields.hasNext()) {
      return CacheControl.of(answer);
    }
    Read before = last;
    if (before.field().equals(field)) {
      return before.said();
    }
    Read read = new Read(field, CacheControl.of(answer));
    last = read;
    return read.said();
  }
}
