package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.Map;

/** What becomes of an answer that an upstream gave. Pure. */
sealed interface Judgement {
  /** The largest answer that is kept, its fields included. */
  int MOST_BYTES = 64 * 1024;

  /** Nothing: what was kept before stays as good as it was. */
  record Leave() implements Judgement {}

  /** What was kept for this address is no longer what the upstream would answer. */
  record Forget() implements Judgement {}

  /** What was kept before is what the upstream would answer now (RFC 9111 §4.3.4). */
  record Renew() implements Judgement {}

  /**
   * It may be kept.
   *
   * @param allowedSeconds its age at which it is of no more use
   * @param broughtSeconds its age when it arrived
   * @param shared whether the upstream says that it is for all, whoever asks
   */
  record Keep(long allowedSeconds, long broughtSeconds, boolean shared, Selection selection)
      implements Judgement {}

  static Judgement of(Exchange exchange, UpstreamResponse answer, Origin origin) {
    int status = answer.status();
    if (Asked.changes(exchange.method())) {
      // RFC 9111 §4.4; not for a failure, which changed nothing.
      return status >= 200 && status < 400 ? new Forget() : new Leave();
    }
    boolean byName = Asked.byName(exchange, origin.credentials());
    // What one caller may not see, or no longer has, others may.
    Judgement otherwise = byName ? new Leave() : new Forget();
    boolean reads =
        HttpMethod.GET.equals(exchange.method()) || HttpMethod.HEAD.equals(exchange.method());
    if (reads && (status == 404 || status == 410)) {
      return otherwise;
    }
    if ((status != 200 && status != 304) || !Asked.mayBeKept(exchange)) {
      return new Leave();
    }
    if (status == 304) {
      return new Renew();
    }
    HttpHeaders fields = answer.headers();
    CacheControl said = CacheControl.of(fields);
    long allowed = Lifetime.allowed(said, fields, origin.within().toSeconds());
    if (allowed == 0) {
      return otherwise;
    }
    boolean shared = said.has("public") || said.has("s-maxage");
    if ((byName && !shared) || !isWholeAndPlain(fields)) {
      return new Leave();
    }
    return Selection.of(fields, exchange.headers(), origin.credentials())
        .<Judgement>map(by -> new Keep(allowed, Lifetime.brought(fields), shared, by))
        .orElseGet(Leave::new);
  }

  /** A cookie is for one; a part is no whole; events never end. */
  private static boolean isWholeAndPlain(HttpHeaders fields) {
    return !fields.contains(HttpHeaderNames.SET_COOKIE)
        && !fields.contains(HttpHeaderNames.CONTENT_RANGE)
        && !AsciiString.contentEqualsIgnoreCase(
            mediaType(fields), HttpHeaderValues.TEXT_EVENT_STREAM)
        && fields.getAll(HttpHeaderNames.CONTENT_LENGTH).size() < 2
        && size(fields) + fields.getInt(HttpHeaderNames.CONTENT_LENGTH, 0) <= MOST_BYTES;
  }

  private static String mediaType(HttpHeaders fields) {
    String type = fields.get(HttpHeaderNames.CONTENT_TYPE, "");
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
  }

  private static long size(HttpHeaders fields) {
    long size = 0;
    for (Map.Entry<String, String> field : fields) {
      size += field.getKey().length() + field.getValue().length();
    }
    return size;
  }
}
